import { useQuery } from "@tanstack/react-query";
import { Cpu, Plug } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listJobsOptions, listWorkersOptions } from "@/api";
import { useJobName } from "@/api/job-name";
import { ACTIVE } from "@/api/statuses";
import { JoinDialog } from "@/features/workers/join-dialog";
import { WorkerCard } from "@/features/workers/worker-card";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";

export function WorkersPage() {
  const { t } = useTranslation();
  const workers = useQuery(listWorkersOptions());
  const running = useQuery(listJobsOptions({ query: { status: [...ACTIVE], limit: 1000 } }));
  const [joining, setJoining] = useState(false);
  const nameOf = useJobName();
  const jobName = (id: string) => {
    const job = running.data?.rows.find((row) => row.id === id);
    return job ? nameOf(job) : id;
  };
  const join = (
    <Button look="primary" icon={<Plug />} onClick={() => setJoining(true)}>
      {t("workers.join")}
    </Button>
  );
  return (
    <Page>
      <PageHead title={t("workers.title")}>{join}</PageHead>
      {workers.isPending && <Loading />}
      {workers.isError && <Failed error={workers.error} onRetry={() => void workers.refetch()} />}
      {workers.data?.rows.length === 0 && (
        <Empty icon={<Cpu />} title={t("workers.empty")} help={t("workers.emptyHelp")}>
          {join}
        </Empty>
      )}
      <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(22rem,1fr))] gap-5">
        {workers.data?.rows.map((worker) => (
          <li key={worker.id} className="grid">
            <WorkerCard worker={worker} jobName={jobName} />
          </li>
        ))}
      </ul>
      <JoinDialog open={joining} onClose={() => setJoining(false)} />
    </Page>
  );
}
