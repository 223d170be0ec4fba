import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { cancelJobMutation, type JobView, retryJobMutation } from "@/api";
import { useJobName } from "@/api/job-name";
import { useErrorText } from "@/ui/states";

type Act = Pick<UseMutationResult, "isPending"> & { run: (job: JobView) => void };

/** The live socket shows the change; these only ask for it. */
export function useCancelJob(): Act {
  const { t } = useTranslation();
  const say = useErrorText();
  const nameOf = useJobName();
  const cancel = useMutation({
    ...cancelJobMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: (job) => toast.success(t("jobs.canceledSaid", { name: nameOf(job) })),
  });
  return { isPending: cancel.isPending, run: ({ id }) => cancel.mutate({ path: { job_id: id } }) };
}

export function useRetryJob(): Act {
  const { t } = useTranslation();
  const say = useErrorText();
  const nameOf = useJobName();
  const retry = useMutation({
    ...retryJobMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: (job) => toast.success(t("jobs.retriedSaid", { name: nameOf(job) })),
  });
  return { isPending: retry.isPending, run: ({ id }) => retry.mutate({ path: { job_id: id } }) };
}
