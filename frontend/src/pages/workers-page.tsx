import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Cpu, LayoutGrid, Plug, Rows3 } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { listWorkersOptions, type WorkerPage } from "@/api";
import { useMetrics } from "@/api/live/metrics";
import { ChartPanel } from "@/features/workers/charts/chart-panel";
import { LINES } from "@/lib/ink";
import { JoinDialog } from "@/features/workers/join-dialog";
import { WorkerDrawer } from "@/features/workers/manage/worker-drawer";
import { STANDING_TONES, type Standing, standingOf, useSilent } from "@/features/workers/standing";
import { WorkerCard } from "@/features/workers/worker-card";
import { WorkerTable } from "@/features/workers/worker-table";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Switcher } from "@/ui/field";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import type { WorkersSearch } from "./search";

const route = getRouteApi("/workers");
const NONE: WorkerPage["rows"] = [];

/** Without what changes each second: that comes from the live readings, and the rows stay the same objects. */
const steady = ({ rows }: WorkerPage): WorkerPage["rows"] =>
  rows.map((worker) => ({
    ...worker,
    last_heartbeat: worker.status === "offline" ? worker.last_heartbeat : null,
    host: worker.host && {
      ram_total_gb: worker.host.ram_total_gb ?? 0,
      disk_free_gb: Math.round(worker.host.disk_free_gb ?? 0),
    },
    devices: worker.devices.map((device) => ({
      ...device,
      metrics: { id: device.id, resident: device.metrics?.resident ?? null },
    })),
  }));

export function WorkersPage() {
  const { t } = useTranslation();
  const search: WorkersSearch = route.useSearch();
  const navigate = useNavigate();
  const [joining, setJoining] = useState(false);
  const [charted, setCharted] = useState<readonly string[]>([]);
  const workers = useQuery({ ...listWorkersOptions(), select: steady });
  useMetrics();
  const rows = workers.data ?? NONE;
  const silent = useSilent(rows);

  const change = useCallback(
    (changed: { [Key in keyof WorkersSearch]?: WorkersSearch[Key] | undefined }) =>
      void navigate({ to: "/workers", search: (now) => ({ ...now, ...changed }) as WorkersSearch }),
    [navigate],
  );
  const onOpen = useCallback((worker: string) => change({ worker }), [change]);
  const onChart = useCallback(
    (id: string) =>
      setCharted((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-LINES))),
    [],
  );
  const devices = useMemo(
    () =>
      rows.flatMap(({ node_id, devices: own }) =>
        own.map(({ id, kind, index, name, memory_total_gb }) => ({
          id,
          name: `${node_id} · ${name}${kind === "cpu" ? "" : ` #${index}`}`,
          memoryGb: memory_total_gb,
        })),
      ),
    [rows],
  );
  const counts = new Map<Standing, number>();
  for (const worker of rows) {
    const standing = standingOf(worker, silent.has(worker.id));
    counts.set(standing, (counts.get(standing) ?? 0) + 1);
  }
  const shown = rows.map((worker) => ({
    worker,
    silent: silent.has(worker.id),
    charted: charted.join(" "),
    onChart,
    onOpen,
  }));
  const join = (
    <Button look="primary" icon={<Plug />} onClick={() => setJoining(true)}>
      {t("workers.join")}
    </Button>
  );
  return (
    <Page>
      <PageHead
        title={t("workers.title")}
        facts={
          <p className="mt-1 flex min-h-5 flex-wrap gap-x-4 text-xs text-soft">
            {rows.length > 0 && <span>{t("workers.devices", { count: devices.length })}</span>}
            {[...counts].map(([standing, count]) => (
              <Badge key={standing} tone={STANDING_TONES[standing]}>
                {t(`workers.standing.${standing}`)} {count}
              </Badge>
            ))}
          </p>
        }
      >
        <Switcher
          label={t("workers.view")}
          value={search.layout ?? "cards"}
          onChoose={(view) => change({ layout: view === "cards" ? undefined : view })}
          choices={[
            { value: "cards", name: t("workers.cards"), label: <LayoutGrid aria-hidden /> },
            { value: "table", name: t("workers.table"), label: <Rows3 aria-hidden /> },
          ]}
        />
        {join}
      </PageHead>
      {workers.isPending && <Loading />}
      {workers.isError && <Failed error={workers.error} onRetry={() => void workers.refetch()} />}
      {workers.data?.length === 0 && (
        <Empty icon={<Cpu />} title={t("workers.empty")} help={t("workers.emptyHelp")}>
          {join}
        </Empty>
      )}
      {rows.length > 0 && <ChartPanel devices={devices} chosen={charted} onDrop={onChart} />}
      {search.layout === "table" && rows.length > 0 ? (
        <WorkerTable workers={shown} />
      ) : (
        <ul className="mt-5 grid grid-cols-[repeat(auto-fill,minmax(21rem,1fr))] gap-4">
          {shown.map((props) => (
            <li
              key={props.worker.id}
              className="grid min-w-0 grid-cols-[minmax(0,1fr)] [contain-intrinsic-block-size:auto_22rem] [content-visibility:auto]"
            >
              <WorkerCard {...props} />
            </li>
          ))}
        </ul>
      )}
      <JoinDialog open={joining} onClose={() => setJoining(false)} />
      <WorkerDrawer
        worker={rows.find(({ id }) => id === search.worker)}
        onClose={() => change({ worker: undefined })}
      />
    </Page>
  );
}
