import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { LiveMetrics, MetricsHistory } from "@/api/generated";
import { listMetrics } from "@/api/generated/sdk.gen";
import { onHello } from "./listen";
import { Ring } from "./ring";
import { tellWatch } from "./socket";

export const DEVICE_QUANTITIES = [
  "utilisation_percent",
  "memory_used_gb",
  "temperature_c",
  "power_w",
] as const;
export const HOST_QUANTITIES = ["cpu_percent", "ram_used_gb"] as const;
export type Quantity = (typeof DEVICE_QUANTITIES)[number] | (typeof HOST_QUANTITIES)[number];
export type Reading = Partial<Record<Quantity, number>>;

/** A device or box whose last reading is older has fallen silent. */
export const SILENT_S = 12;
const REREAD_S = 10; // the seconds before the last known one may have been told only in part

/** By device id, and by worker id for what its box tells. */
const rings = new Map<string, Ring>();
const readings = new Map<string, Reading>();
const listeners = new Map<string, Set<() => void>>();
const everyone = new Set<() => void>();
let newest = 0;

type Columns = Partial<Record<Quantity, (number | null)[]>>;

function put(id: string, first: number, columns: Columns): void {
  const ring = rings.get(id) ?? new Ring();
  rings.set(id, ring);
  for (const quantity of [...DEVICE_QUANTITIES, ...HOST_QUANTITIES]) {
    const values = columns[quantity];
    if (values?.length) ring.write(quantity, first, values);
  }
  newest = Math.max(newest, ring.last);
}

function notify(ids: Iterable<string>): void {
  for (const id of ids) {
    const ring = rings.get(id);
    if (ring === undefined) continue;
    readings.set(id, ring.newest());
    for (const listener of listeners.get(id) ?? []) listener();
  }
  for (const listener of everyone) listener();
}

export function tellMetrics({ devices, hosts }: Pick<LiveMetrics, "devices" | "hosts">): void {
  for (const { id, first, ...columns } of devices) put(id, first, columns);
  for (const { worker_id, first, ...columns } of hosts) put(worker_id, first, columns);
  notify([...devices.map(({ id }) => id), ...hosts.map(({ worker_id }) => worker_id)]);
}

export function tellHistory({ first, devices, hosts }: MetricsHistory): void {
  for (const { id, ...columns } of devices) put(id, first, columns);
  for (const { worker_id, ...columns } of hosts) put(worker_id, first, columns);
  notify(rings.keys());
}

async function catchUp(): Promise<void> {
  const since = newest > 0 ? newest - REREAD_S : 0;
  const { data } = await listMetrics({ query: { since } });
  if (data) tellHistory(data);
}

let watchers = 0;

/** Keeps the readings of all devices live while who asks is shown. */
export function useMetrics(): void {
  useEffect(() => {
    watchers += 1;
    if (watchers === 1) tellWatch(true);
    void catchUp();
    const stop = onHello(() => void catchUp());
    return () => {
      stop();
      watchers -= 1;
      if (watchers === 0) tellWatch(false);
    };
  }, []);
}

export const ringOf = (id: string): Ring | undefined => rings.get(id);

/** Hears of each second. Returns how to stop. */
export function onMetrics(listener: () => void): () => void {
  everyone.add(listener);
  return () => everyone.delete(listener);
}

/** What a device or box told last. */
export function useReading(id: string): Reading | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      const mine = listeners.get(id) ?? new Set();
      listeners.set(id, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(id);
      };
    },
    [id],
  );
  return useSyncExternalStore(subscribe, () => readings.get(id));
}

/** When a device or box told something last, in seconds since 1970. */
export const lastHeard = (id: string): number | undefined => rings.get(id)?.last;
