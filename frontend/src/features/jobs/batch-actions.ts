import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { cancelBatchMutation, listJobs, retryJob } from "@/api";
import { RETRYABLE } from "@/api/statuses";
import { useErrorText } from "@/ui/states";

export function useCancelBatch() {
  const { t } = useTranslation();
  const say = useErrorText();
  return useMutation({
    ...cancelBatchMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: ({ canceled }) => toast.success(t("batch.canceled", { count: canceled })),
  });
}

/** Each job of the batch that ended badly, tried anew. */
export function useRetryFailed() {
  const { t } = useTranslation();
  const say = useErrorText();
  return useMutation({
    mutationFn: async (batch: string) => {
      const { data } = await listJobs({
        query: { batch, status: [...RETRYABLE], limit: 1000 },
        throwOnError: true,
      });
      const results = await Promise.allSettled(
        data.rows.map(({ id }) => retryJob({ path: { job_id: id }, throwOnError: true })),
      );
      const refused = results.find((result) => result.status === "rejected");
      if (refused && results.every(({ status }) => status === "rejected")) throw refused.reason;
      return results.filter(({ status }) => status === "fulfilled").length;
    },
    onError: (error) => toast.error(say(error)),
    onSuccess: (count) => toast.success(t("batch.retried", { count })),
  });
}
