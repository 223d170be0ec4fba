import { Clapperboard, LayoutGrid, List, Sparkle, Table2, Upload } from "lucide-react";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePresence } from "@/api/live/presence";
import { tellHere } from "@/api/live/socket";
import { DropOnPage } from "@/features/exchange/drop-on-page";
import { ExportMenu } from "@/features/exchange/export-menu";
import { useCurrentBatch } from "@/features/jobs/current-batch";
import { useShotJobs } from "@/features/shots/queries";
import { useShotRoom } from "@/features/shots/room";
import { useSelection } from "@/features/shots/selection";
import type { Line } from "@/features/shots/table/lines";
import { useLines } from "@/features/shots/table/use-lines";
import { Fields, Groups, Sorts } from "@/features/shots/tools/arrange";
import { Filters } from "@/features/shots/tools/filters";
import { FindBox } from "@/features/shots/tools/find-box";
import { Others } from "@/features/shots/tools/others";
import { SavedViews } from "@/features/shots/tools/saved-views";
import { useTableView } from "@/features/shots/tools/use-table-view";
import { useEditNotices } from "@/features/shots/use-edit-notices";
import { usePersonName } from "@/lib/person";
import { Button } from "@/ui/button";
import { Switcher } from "@/ui/field";
import { Empty, Failed, Loading } from "@/ui/states";
import { BatchBar, Generate, ImportDialog, OpenedShot, PlainShots, ShotTable } from "./later";
import { useProject } from "./open-project";
import { TakeViews } from "./take-views";
import { useProjectSearch } from "./use-project-search";

/** Puts the features of a project's shots together; none of them knows another. */
export function ShotsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { code } = project;
  const { search, change } = useProjectSearch(code);
  const room = useShotRoom(project, useEditNotices());
  const { filters, sorts, group, q = "" } = search;
  const addressed = useMemo(
    () => ({ ...(filters && { filters }), ...(sorts && { sorts }), ...(group !== undefined && { group }) }),
    [filters, sorts, group],
  );
  const { view, change: changeView } = useTableView(code, addressed, change);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const seen = useMemo(
    () => ({ filters: view.filters, sorts: view.sorts, group: view.group, q, folded }),
    [view.filters, view.sorts, view.group, q, folded],
  );
  const lines = useLines(room.rows, room.bible, seen);
  const jobs = useShotJobs(code);
  const selection = useSelection(useMemo(() => shotIds(lines), [lines]));
  const { batch, dismiss } = useCurrentBatch(code);
  const [importing, setImporting] = useState(false);
  const [dropped, setDropped] = useState<File>();
  const [generating, setGenerating] = useState(false);
  const findBox = useRef<HTMLInputElement>(null);
  const name = usePersonName();
  const present = usePresence(code);
  const others = useMemo(() => present.filter(({ tab }) => tab !== room.tab), [present, room.tab]);
  const aspect = `${project.width} / ${project.height}`;

  const takeFile = useCallback((file: File) => {
    setDropped(file);
    setImporting(true);
  }, []);
  const { set, clear } = selection;
  const mark = useCallback(
    (ids: readonly string[]) => {
      clear();
      set(ids, true);
    },
    [set, clear],
  );
  const here = useCallback(
    (shotId: string | null, field: string | null) =>
      tellHere({ project: code, tab: room.tab, name, shot_id: shotId, field }),
    [code, room.tab, name],
  );
  useEffect(() => {
    here(null, null);
    return () => tellHere({ project: null, tab: room.tab, name, shot_id: null, field: null });
  }, [here, room.tab, name]);
  const fold = useCallback(
    (value: string) =>
      setFolded((before) => {
        const after = new Set(before);
        if (!after.delete(value)) after.add(value);
        return after;
      }),
    [],
  );
  const open = useCallback(
    (id: string) => change({ shot: room.rows.get(id)?.code || undefined }, true),
    [change, room.rows],
  );

  const generate = useCallback(() => setGenerating(true), []);
  const find = useCallback(() => findBox.current?.focus(), []);
  const { reading } = room;
  const picked = selection.ids.size;
  const importButton = (
    <Button icon={<Upload />} onClick={() => setImporting(true)}>
      {t("project.import")}
    </Button>
  );
  const empty = reading.total === 0 && room.rows.ids.length === 0;

  return (
    <div className="flex h-[calc(100dvh-5.5rem)] min-h-80 flex-col">
      <h1 className="sr-only">{t("shots.of", { project: project.name })}</h1>
      <div className="flex shrink-0 scroll-pr-32 items-center gap-1.5 overflow-x-auto border-b border-line px-3 py-1.5">
        <Switcher
          label={t("shots.view")}
          value={search.view ?? "table"}
          onChoose={(chosen) => change({ view: chosen === "table" ? undefined : chosen }, true)}
          choices={[
            { value: "table", name: t("shots.table"), label: <Table2 aria-hidden /> },
            { value: "board", name: t("shots.board"), label: <LayoutGrid aria-hidden /> },
            { value: "list", name: t("shots.list"), label: <List aria-hidden /> },
          ]}
        />
        <FindBox ref={findBox} q={q} onFind={(text) => change({ q: text || undefined })} />
        <Filters filters={view.filters} bible={room.bible} onFilters={(filters) => changeView({ filters })} />
        <Sorts view={view} onView={changeView} />
        <Groups view={view} onView={changeView} />
        <Fields view={view} onView={changeView} />
        <SavedViews code={code} view={view} onView={changeView} />
        <Others people={others} />
        <span className="ml-auto" />
        {importButton}
        <ExportMenu code={code} />
        <Button
          look="primary"
          className="sticky right-0 shadow-[0.75rem_0_0_0.25rem_var(--paper)]"
          icon={<Sparkle />}
          why={empty ? t("generate.noShots") : undefined}
          onClick={generate}
        >
          {picked > 0 ? t("project.generateSelected", { count: picked }) : t("project.generate")}
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {reading.error && reading.loaded === 0 ? (
          <Failed error={reading.error} onRetry={() => globalThis.location.reload()} />
        ) : reading.total === undefined ? (
          <Loading />
        ) : empty ? (
          <Empty icon={<Clapperboard />} title={t("shots.empty")} help={t("shots.emptyHelp")}>
            {importButton}
            <Button onClick={() => room.desk.edit({ name: "insert", changes: [], create: [{ send: {} }] })}>
              {t("table.insert")}
            </Button>
          </Empty>
        ) : search.view ? (
          <Suspense fallback={<Loading />}>
            <PlainShots
              room={room}
              lines={lines}
              view={search.view}
              jobs={jobs}
              selection={selection}
              aspect={aspect}
              onOpen={(opened) => change({ shot: opened }, true)}
            />
          </Suspense>
        ) : (
          <Suspense fallback={<Loading />}>
            <ShotTable
              room={room}
              lines={lines}
              view={view}
              jobs={jobs}
              others={others}
              onView={changeView}
              onOpen={open}
              onFold={fold}
              onFind={find}
              onGenerate={generate}
              onMarked={mark}
              onHere={here}
            />
          </Suspense>
        )}
      </div>
      {batch && (
        <Suspense>
          <BatchBar batch={batch} onDismiss={dismiss} />
        </Suspense>
      )}
      {search.shot !== undefined && (
        <Suspense>
          <OpenedShot
            room={room}
            lines={lines}
            jobs={jobs}
            aspect={aspect}
            code={search.shot}
            onOpen={(opened) => change({ shot: opened })}
            onTake={(take) => change({ take }, true)}
            onCompare={(ids) => change({ compare: ids.join(",") }, true)}
          />
        </Suspense>
      )}
      <TakeViews
        address={search}
        ids={NO_IDS}
        onTake={(take) => change({ take })}
        onCompareEnd={() => change({ compare: undefined })}
      />
      {importing && (
        <Suspense>
          <ImportDialog
            code={code}
            open={importing}
            dropped={dropped}
            onClose={() => {
              setImporting(false);
              setDropped(undefined);
            }}
          />
        </Suspense>
      )}
      <DropOnPage off={importing || generating} onFile={takeFile} />
      {generating && (
        <Suspense>
          <Generate
            room={room}
            selected={selection.ids}
            open={generating}
            onClose={() => setGenerating(false)}
            onSubmitted={() => {
              setGenerating(false);
              clear();
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

const NO_IDS: readonly string[] = [];

const shotIds = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => (line.is === "shot" ? [line.id] : []));
