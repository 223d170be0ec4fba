import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, ListVideo, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { listJobsOptions, listProjectsOptions } from "@/api";
import { JOB_STATUSES } from "@/api/statuses";
import { JobDrawer } from "@/features/jobs/job-drawer";
import { JobTable } from "@/features/jobs/job-table";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import type { JobsSearch } from "./search";

const PAGE = 100;
const route = getRouteApi("/jobs");

export function JobsPage() {
  const { t } = useTranslation();
  const search: JobsSearch = route.useSearch();
  const navigate = useNavigate();
  const { status, project, batch, job, page = 1 } = search;
  const change = (changed: { [Key in keyof JobsSearch]?: JobsSearch[Key] | undefined }) =>
    void navigate({ to: "/jobs", search: { ...search, page: undefined, ...changed } as JobsSearch });

  const jobs = useQuery(
    listJobsOptions({
      query: {
        ...(status && { status: [status] }),
        ...(project && { project }),
        ...(batch && { batch }),
        limit: PAGE,
        ...(page > 1 && { offset: (page - 1) * PAGE }),
      },
    }),
  );
  const projects = useQuery(listProjectsOptions());
  const filtered = Boolean(status ?? project ?? batch);
  const total = jobs.data?.total ?? 0;

  return (
    <Page>
      <PageHead
        title={t("jobs.title")}
        facts={jobs.data && <p className="mt-0.5 text-xs text-soft">{t("jobs.total", { count: total })}</p>}
      >
        <Select
          aria-label={t("jobs.filterProject")}
          className="w-auto!"
          value={project ?? ""}
          onChange={(event) => change({ project: event.target.value || undefined })}
        >
          <option value="">{t("jobs.allProjects")}</option>
          {projects.data?.rows.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t("jobs.filterStatus")}
          className="w-auto!"
          value={status ?? ""}
          onChange={(event) => change({ status: JOB_STATUSES.find((known) => known === event.target.value) })}
        >
          <option value="">{t("shots.allStatuses")}</option>
          {JOB_STATUSES.map((known) => (
            <option key={known} value={known}>
              {t(`status.job.${known}`)}
            </option>
          ))}
        </Select>
        {filtered && (
          <Button look="quiet" icon={<X />} onClick={() => void navigate({ to: "/jobs", search: {} })}>
            {batch ? t("jobs.onlyBatch") : t("jobs.clearFilters")}
          </Button>
        )}
      </PageHead>
      <div className="mt-4">
        {jobs.isPending && <Loading />}
        {jobs.isError && <Failed error={jobs.error} onRetry={() => void jobs.refetch()} />}
        {jobs.data?.rows.length === 0 && (
          <Empty
            icon={<ListVideo />}
            title={t(filtered ? "jobs.emptyFiltered" : "jobs.empty")}
            help={t(filtered ? "jobs.emptyFilteredHelp" : "jobs.emptyHelp")}
          />
        )}
        {jobs.data !== undefined && jobs.data.rows.length > 0 && (
          <JobTable
            jobs={jobs.data.rows}
            onOpen={(id) => change({ job: id, page: page > 1 ? page : undefined })}
          />
        )}
        {total > PAGE && (
          <nav
            aria-label={t("jobs.pages")}
            className="mt-4 flex items-center justify-center gap-3 text-xs text-soft"
          >
            <IconButton
              label={t("jobs.newer")}
              why={page > 1 ? undefined : t("jobs.newer")}
              onClick={() => change({ page: page - 1 })}
            >
              <ChevronLeft />
            </IconButton>
            {page} / {Math.ceil(total / PAGE)}
            <IconButton
              label={t("jobs.older")}
              why={page * PAGE < total ? undefined : t("jobs.older")}
              onClick={() => change({ page: page + 1 })}
            >
              <ChevronRight />
            </IconButton>
          </nav>
        )}
      </div>
      <JobDrawer jobId={job} onClose={() => change({ job: undefined, page: page > 1 ? page : undefined })} />
    </Page>
  );
}
