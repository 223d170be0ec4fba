import { useQuery } from "@tanstack/react-query";
import { RotateCcw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useJobName } from "@/api/job-name";
import { type JobDetail, type OutputView, showJobOptions } from "@/api";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { Button } from "@/ui/button";
import { Fact, Section } from "@/ui/heading";
import { Drawer } from "@/ui/overlay";
import { Failed, Loading } from "@/ui/states";
import { useCancelJob, useRetryJob } from "./actions";
import { Attempts } from "./attempts";
import { Explain } from "./explain";
import { jobCan } from "./job-can";
import { JobLog } from "./job-log";
import { JobBadge, JobProgressLine, Took } from "./parts";

export function JobDrawer({ jobId, onClose }: { jobId: string | undefined; onClose: () => void }) {
  return jobId === undefined ? null : <Open key={jobId} jobId={jobId} onClose={onClose} />;
}

function Open({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const nameOf = useJobName();
  const job = useQuery(showJobOptions({ path: { job_id: jobId } }));
  const title = job.data ? (
    <span className="flex items-center gap-3">
      <span className="truncate">{nameOf(job.data)}</span>
      <JobBadge job={job.data} />
    </span>
  ) : (
    jobId
  );
  return (
    <Drawer open onClose={onClose} title={title} description={job.data?.workflow}>
      {job.isPending && <Loading />}
      {job.isError && <Failed error={job.error} onRetry={() => void job.refetch()} />}
      {job.data && <Body job={job.data} />}
    </Drawer>
  );
}

function Body({ job }: { job: JobDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const cancel = useCancelJob();
  const retry = useRetryJob();
  const whyNotCancel = jobCan.cancel(job);
  const whyNotRetry = jobCan.retry(job);
  return (
    <>
      <div className="mb-4 flex gap-2">
        <Button
          icon={<X />}
          busy={cancel.isPending}
          why={whyNotCancel && t(whyNotCancel)}
          onClick={() => cancel.run(job)}
        >
          {t("jobs.cancel")}
        </Button>
        <Button
          icon={<RotateCcw />}
          busy={retry.isPending}
          why={whyNotRetry && t(whyNotRetry)}
          onClick={() => retry.run(job)}
        >
          {t("jobs.retry")}
        </Button>
      </div>
      <JobProgressLine job={job} />
      <dl className="my-5 grid grid-cols-3 gap-x-4 gap-y-3">
        <Fact label={t("jobs.column.project")}>
          <span className="timecode">{job.project}</span>
        </Fact>
        <Fact label={t("jobs.column.worker")}>{job.worker ?? "–"}</Fact>
        <Fact label={t("jobs.column.attempt")}>{job.attempt}</Fact>
        <Fact label={t("jobs.column.created")}>{formatTime(job.created_at, language)}</Fact>
        <Fact label={t("jobs.column.took")}>
          <Took job={job} />
        </Fact>
        <Fact label={t("job.id")}>
          <code className="text-2xs break-all text-soft">{job.id}</code>
        </Fact>
      </dl>
      <Section title={t("job.explain")}>
        <Explain jobId={job.id} />
      </Section>
      {job.outputs.length > 0 && (
        <Section title={t("job.outputs")}>
          <Outputs outputs={job.outputs} />
        </Section>
      )}
      {job.attempts.length > 0 && (
        <Section title={t("job.attempts")}>
          <Attempts attempts={job.attempts} />
        </Section>
      )}
      <JobLog jobId={job.id} />
      <details className="mt-6">
        <summary className="cursor-pointer text-xs font-semibold text-soft">{t("job.parameters")}</summary>
        <pre
          className="mt-2 max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 text-xs"
          tabIndex={0}
        >
          {JSON.stringify(job.parameters, null, 2)}
        </pre>
      </details>
    </>
  );
}

function Outputs({ outputs }: { outputs: readonly OutputView[] }) {
  return (
    <ul className="grid grid-cols-2 gap-3">
      {outputs.map((output) => (
        <li key={output.media_id}>
          <a
            href={output.url}
            target="_blank"
            rel="noreferrer"
            className="block text-xs text-soft hover:text-ink"
          >
            {output.kind === "image" && (
              <img
                src={output.url}
                alt=""
                className="mb-1 aspect-video w-full rounded-md bg-sunken object-contain"
              />
            )}
            <span className="underline underline-offset-2">{output.name}</span>{" "}
            {output.width !== null && `${output.width}×${output.height}`}
          </a>
        </li>
      ))}
    </ul>
  );
}
