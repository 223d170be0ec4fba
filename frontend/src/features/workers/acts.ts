import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  forgiveWorkerMutation,
  listWorkersQueryKey,
  moveWorkerMutation,
  scheduleWorkerMutation,
  tagWorkerMutation,
  type WorkerView,
  type WorkerWish,
  wishWorkerMutation,
} from "@/api";
import { useErrorText } from "@/ui/states";

/** What every act on a worker does afterwards: say so once, and show the workers as they are now. */
function useTold(): { done: (said: string) => void; failed: (error: Error) => void } {
  const client = useQueryClient();
  const say = useErrorText();
  return {
    done: (said) => {
      void client.invalidateQueries({ queryKey: listWorkersQueryKey() });
      toast.success(said);
    },
    failed: (error) => toast.error(say(error)),
  };
}

export function useWish(worker: Pick<WorkerView, "id">) {
  const { t } = useTranslation();
  const { done, failed } = useTold();
  const wish = useMutation({
    ...wishWorkerMutation(),
    onError: failed,
    onSuccess: ({ node_id, wish: wished }) =>
      done(t("workers.wished", { name: node_id, wish: t(`status.wish.${wished}`) })),
  });
  return {
    isPending: wish.isPending,
    ask: (wished: WorkerWish) => wish.mutate({ path: { worker_id: worker.id }, body: { wish: wished } }),
  };
}

export function useManage({ id, node_id: name }: Pick<WorkerView, "id" | "node_id">) {
  const { t } = useTranslation();
  const { done, failed } = useTold();
  const saved = { onError: failed, onSuccess: () => done(t("manage.saved", { name })) };
  const path = { worker_id: id };
  const move = useMutation({ ...moveWorkerMutation(), ...saved });
  const tag = useMutation({ ...tagWorkerMutation(), ...saved });
  const schedule = useMutation({ ...scheduleWorkerMutation(), ...saved });
  const forgive = useMutation({
    ...forgiveWorkerMutation(),
    onError: failed,
    onSuccess: () => done(t("manage.forgiven", { name })),
  });
  return {
    move: (pool: string | null) => move.mutate({ path, body: { pool } }),
    tag: (tags: string[]) => tag.mutate({ path, body: { tags } }),
    schedule: (hours: WorkerView["schedule"]) => schedule.mutate({ path, body: { schedule: hours } }),
    forgive: (batch: string | null) => forgive.mutate({ path, body: { batch } }),
    isPending: move.isPending || tag.isPending || schedule.isPending || forgive.isPending,
  };
}
