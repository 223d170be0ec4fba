import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listJobsOptions } from "@/api";
import { useJobName } from "@/api/job-name";
import { WAITING } from "@/api/statuses";
import { Dialog } from "@/ui/overlay";
import { Loading } from "@/ui/states";
import { Explain } from "./explain";

interface WhyWaitingProps {
  batchId: string;
  open: boolean;
  onClose: () => void;
}

/** Explains the waiting job that is next in line: one that could start, before one that waits for others. */
export function WhyWaiting({ batchId, open, onClose }: WhyWaitingProps) {
  const { t } = useTranslation();
  const query = { batch: batchId, status: [...WAITING], limit: 1000 };
  const jobs = useQuery({ ...listJobsOptions({ query }), enabled: open });
  const nameOf = useJobName();
  const rows = jobs.data?.rows ?? [];
  const job = rows.findLast(({ status }) => status === "queued") ?? rows.at(-1);
  return (
    <Dialog open={open} onClose={onClose} title={t("batch.why")} description={job && nameOf(job)}>
      {jobs.isPending ? (
        <Loading className="py-4" />
      ) : job ? (
        <Explain jobId={job.id} />
      ) : (
        <p>{t("batch.done")}</p>
      )}
    </Dialog>
  );
}
