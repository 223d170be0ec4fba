import { useEffect, useRef, useState } from "react";
import type { WorkerView } from "@/api";
import { lastHeard, SILENT_S } from "@/api/live/metrics";
import { useConnection } from "@/api/live/provider";
import { type Tone, WORKER_TONES } from "@/api/statuses";

export type Standing = WorkerView["status"] | "left" | "silent";

/** How a worker stands, also where the master cannot know yet: one that was told to leave is no loss. */
export function standingOf({ status, wish }: Pick<WorkerView, "status" | "wish">, silent: boolean): Standing {
  if (status === "offline") return wish === "draining" ? "left" : "offline";
  return silent ? "silent" : status;
}

export const STANDING_TONES: Record<Standing, Tone> = { ...WORKER_TONES, left: "idle", silent: "bad" };

/** Workers that are connected and have told nothing for a while; none while it is this page that is cut off. */
export function useSilent(
  workers: readonly Pick<WorkerView, "id" | "last_heartbeat">[],
): ReadonlySet<string> {
  const [silent, setSilent] = useState<ReadonlySet<string>>(new Set());
  const connection = useConnection();
  const since = useRef(0); // when this page came back to where it can hear
  useEffect(() => {
    if (connection === "lost") since.current = Number.POSITIVE_INFINITY;
    else if (since.current === Number.POSITIVE_INFINITY) since.current = Date.now() / 1000;
  }, [connection]);
  useEffect(() => {
    const look = () => {
      const now = Date.now() / 1000;
      const heard = ({ id, last_heartbeat }: (typeof workers)[number]) =>
        Math.max(since.current, lastHeard(id) ?? 0, last_heartbeat ? Date.parse(last_heartbeat) / 1000 : 0);
      const found = workers.filter((worker) => now - heard(worker) > SILENT_S).map(({ id }) => id);
      setSilent((before) =>
        found.length === before.size && found.every((id) => before.has(id)) ? before : new Set(found),
      );
    };
    look();
    const timer = setInterval(look, 2000);
    return () => clearInterval(timer);
  }, [workers]);
  return silent;
}

/** Weights in the box's RAM alone: those that a device holds as well stand with it. */
export function stagedOnly(worker: WorkerView): string[] {
  const resident = new Set(worker.devices.flatMap((device) => device.metrics?.resident ?? []));
  return worker.staged.filter((bundle) => !resident.has(bundle));
}
