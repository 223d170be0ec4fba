import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ListVideo, X } from "lucide-react";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { listJobsOptions } from "@/api";
import { FacetPanel } from "@/features/jobs/facet-panel";
import { JobDrawer } from "@/features/jobs/job-drawer";
import { QueueList } from "@/features/jobs/queue-list";
import { Button } from "@/ui/button";
import { Switcher } from "@/ui/field";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import type { JobsSearch } from "./search";

const FIRST = 500;
const MOST = 10_000;
const route = getRouteApi("/jobs");

export function JobsPage() {
  const { t } = useTranslation();
  const search: JobsSearch = route.useSearch();
  const navigate = useNavigate();
  const { job, by: order, status, ...filters } = search;
  const [limit, setLimit] = useState(FIRST);
  const change = useCallback(
    (changed: { [Key in keyof JobsSearch]?: JobsSearch[Key] | undefined }) =>
      void navigate({ to: "/jobs", search: (now) => ({ ...now, ...changed }) as JobsSearch }),
    [navigate],
  );
  const onOpen = useCallback((id: string) => change({ job: id }), [change]);
  const onMore = useCallback(() => setLimit((now) => Math.min(MOST, now * 4)), []);

  const jobs = useQuery({
    ...listJobsOptions({
      query: { ...filters, ...(status && { status: [status] }), ...(order && { order }), limit },
    }),
    placeholderData: keepPreviousData,
  });
  const filtered = status !== undefined || Object.keys(filters).length > 0;
  const total = jobs.data?.total ?? 0;
  const rows = jobs.data?.rows ?? [];

  return (
    <Page>
      <PageHead
        title={t("jobs.title")}
        facts={
          <p className="mt-0.5 min-h-4 text-xs text-soft">{jobs.data && t("jobs.total", { count: total })}</p>
        }
      >
        {filtered && (
          <Button look="quiet" icon={<X />} onClick={() => void navigate({ to: "/jobs", search: {} })}>
            {filters.batch ? t("jobs.onlyBatch") : t("jobs.clearFilters")}
          </Button>
        )}
        <Switcher
          label={t("jobs.order")}
          value={order ?? "newest"}
          onChoose={(chosen) => change({ by: chosen === "queue" ? chosen : undefined })}
          choices={[
            { value: "newest", name: t("jobs.byAge"), label: t("jobs.byAge") },
            { value: "queue", name: t("jobs.byQueue"), label: t("jobs.byQueue") },
          ]}
        />
      </PageHead>
      <div className="mt-5 grid gap-5 lg:grid-cols-[12.5rem_minmax(0,1fr)]">
        <FacetPanel
          chosen={{ ...filters, ...(status && { status }) }}
          batch={filters.batch}
          onChoose={(facet, value) => change({ [facet]: value })}
        />
        <div className="min-w-0">
          {jobs.isPending && <Loading />}
          {jobs.isError && <Failed error={jobs.error} onRetry={() => void jobs.refetch()} />}
          {jobs.data !== undefined && rows.length === 0 && (
            <Empty
              icon={<ListVideo />}
              title={t(filtered ? "jobs.emptyFiltered" : "jobs.empty")}
              help={t(filtered ? "jobs.emptyFilteredHelp" : "jobs.emptyHelp")}
            />
          )}
          {rows.length > 0 && <QueueList jobs={rows} total={total} onOpen={onOpen} onMore={onMore} />}
        </div>
      </div>
      <JobDrawer jobId={job} onClose={() => change({ job: undefined })} />
    </Page>
  );
}
