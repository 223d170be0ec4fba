import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  confirmTakeMutation,
  reviewTakeMutation,
  showShot,
  showShotQueryKey,
  type ShotView,
  type TakeView,
} from "@/api";
import { ApiError, isStale } from "@/api/errors";
import { putShot } from "@/api/live/listen";
import { personName } from "@/lib/person";
import { tabId, tellStep } from "@/lib/tab";
import { useErrorText } from "@/ui/states";

/** The sentence for what stood in the way of a verdict: when somebody was faster, who confirmed what. */
export function useVerdictError(): (error: unknown) => string {
  const { t } = useTranslation();
  const say = useErrorText();
  return (error) => {
    const told = (place: string) =>
      error instanceof ApiError
        ? error.body.problems.find((problem) => problem.place === place)?.value
        : undefined;
    const [who, label] = [told("confirmed_by"), told("confirmed_take")];
    return who && label ? t("review.confirmedByOther", { who, label }) : say(error);
  };
}

/** Confirm or approve a take of a shot as it is seen now; a shot that changed meanwhile is not overwritten. */
export function useReview(shot: ShotView) {
  const { t } = useTranslation();
  const say = useVerdictError();
  const client = useQueryClient();
  const reread = async () => {
    const { data } = await showShot({ path: { id: shot.id }, throwOnError: true });
    client.setQueryData(showShotQueryKey({ path: { id: shot.id } }), data);
    putShot(data);
  };
  const onError = (error: Error) => {
    toast.error(say(error), { id: `verdict-${shot.id}` });
    if (isStale(error)) void reread();
  };
  const confirm = useMutation({
    ...confirmTakeMutation(),
    onError,
    onSuccess: (changed) => {
      client.setQueryData(showShotQueryKey({ path: { id: shot.id } }), changed);
      putShot(changed);
      tellStep();
      toast.success(t("review.confirmedSaid", { code: shot.code }));
    },
  });
  const approve = useMutation({
    ...reviewTakeMutation(),
    onError,
    onSuccess: async (take) => {
      tellStep();
      toast.success(t("review.approvedSaid", { code: shot.code, label: take.label }));
      await reread();
    },
  });
  return {
    confirming: confirm.isPending,
    confirm: (take: TakeView) =>
      confirm.mutate({ path: { id: take.id }, body: { rev: shot.rev, by: personName(), tab: tabId() } }),
    approving: approve.isPending,
    approve: (take: TakeView) =>
      approve.mutate({
        path: { id: take.id },
        body: { state: "approved", rev: take.rev, shot_rev: shot.rev, by: personName(), tab: tabId() },
      }),
  };
}
