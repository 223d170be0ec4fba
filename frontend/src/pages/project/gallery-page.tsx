import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Columns2, Download, Images, SearchX, X } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { listSequencesOptions, listWorkflowsOptions, type TakeView } from "@/api";
import { TakeFilters } from "@/features/gallery/take-filters";
import { TakeWall } from "@/features/gallery/take-wall";
import { type TakeQuery, useTakes } from "@/features/gallery/use-takes";
import { BatchPanel } from "@/features/jobs/batch-panel";
import type { GallerySearch } from "@/pages/search";
import { Button } from "@/ui/button";
import { Empty, Failed, Loading } from "@/ui/states";
import { useProject } from "./open-project";
import { TakeViews } from "./take-views";

const route = getRouteApi("/projects/$code/gallery");
const MOST = 4;

function useGallerySearch(code: string) {
  const search: GallerySearch = route.useSearch();
  const navigate = useNavigate();
  const change = useCallback(
    (changed: { [Key in keyof GallerySearch]?: GallerySearch[Key] | undefined }, push = false) =>
      void navigate({
        to: "/projects/$code/gallery",
        params: { code },
        search: (before: GallerySearch) => ({ ...before, ...changed }) as GallerySearch,
        replace: !push,
        resetScroll: false,
      }),
    [navigate, code],
  );
  return { search, change };
}

const NO_FILTERS = {
  review: undefined,
  confirmed: undefined,
  stale: undefined,
  shot: undefined,
  sequence: undefined,
  workflow: undefined,
  media: undefined,
};

/** Every take of the project, to look at, compare and review. */
export function GalleryPage() {
  const { t } = useTranslation();
  const { code, name, width, height } = useProject();
  const { search, change } = useGallerySearch(code);
  const { take, compare, ...query } = search;
  const { takes, rows, total, workflows } = useTakes(code, query);
  const sequences = useQuery(listSequencesOptions({ path: { code } })).data?.rows ?? [];
  const catalog = useQuery(listWorkflowsOptions()).data?.rows ?? [];
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => rows.filter(({ id }) => picked.has(id)), [rows, picked]);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const filtered = Object.entries(query).some(([key, value]) => key !== "order" && value !== undefined);

  const pick = (id: string) => {
    const after = new Set(picked);
    if (!after.delete(id)) after.add(id);
    setPicked(after);
  };
  const comparable = chosen.length >= 2 && chosen.length <= MOST;
  const openCompare = () => {
    if (comparable) change({ compare: chosen.map(({ id }) => id).join(",") }, true);
  };
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = takes;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <div className="flex h-[calc(100dvh-5.5rem)] min-h-80 flex-col">
      <h1 className="sr-only">{t("gallery.of", { project: name })}</h1>
      <div className="flex shrink-0 items-center gap-1.5 overflow-x-auto border-b border-line px-3 py-1.5">
        <TakeFilters
          query={query as TakeQuery}
          sequences={sequences}
          made={workflows}
          catalog={catalog}
          onChange={(changed) => change(changed as GallerySearch)}
          onClear={() => change(NO_FILTERS)}
        />
        <span className="ml-auto" />
        <BatchPanel project={code} />
        <span className="shrink-0 pl-3 text-xs text-soft" role="status">
          {total !== undefined && t("gallery.total", { count: total })}
        </span>
      </div>
      <div className="relative min-h-0 flex-1">
        {takes.isPending ? (
          <Loading />
        ) : takes.isError && rows.length === 0 ? (
          <Failed error={takes.error} onRetry={() => void takes.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            icon={filtered ? <SearchX /> : <Images />}
            title={t(filtered ? "gallery.noMatch" : "gallery.empty")}
            help={t(filtered ? "gallery.noMatchHelp" : "gallery.emptyHelp")}
          />
        ) : (
          <TakeWall
            takes={rows}
            picked={picked}
            ratio={width / height}
            onPick={pick}
            onOpen={(id) => change({ take: id }, true)}
            onCompare={openCompare}
            onEnd={more}
          />
        )}
      </div>
      <div className="flex h-11 shrink-0 items-center gap-2 border-t border-line bg-surface px-4 text-xs">
        {chosen.length === 0 ? (
          <p className="text-faint">{t("gallery.keys")}</p>
        ) : (
          <>
            <p role="status" className="font-medium">
              {t("gallery.picked", { count: chosen.length })}
            </p>
            <Button
              size="sm"
              look="primary"
              icon={<Columns2 />}
              why={comparable ? undefined : t("compare.needsTwo")}
              onClick={openCompare}
            >
              {t("compare.open")}
            </Button>
            <Button size="sm" icon={<Download />} onClick={() => chosen.forEach(download)}>
              {t("gallery.download")}
            </Button>
            <Button size="sm" look="quiet" icon={<X />} onClick={() => setPicked(new Set())}>
              {t("gallery.unpick")}
            </Button>
          </>
        )}
      </div>
      <TakeViews
        address={{ ...(take !== undefined && { take }), ...(compare !== undefined && { compare }) }}
        ids={ids}
        onTake={(id) => change({ take: id })}
        onCompareEnd={() => change({ compare: undefined })}
      />
    </div>
  );
}

function download({ media }: TakeView): void {
  const link = document.createElement("a");
  link.href = media.url;
  link.download = media.name;
  link.click();
}
