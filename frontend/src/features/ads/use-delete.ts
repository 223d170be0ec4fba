import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { type AdView, deleteAdMutation, listAdsQueryKey, restoreAdMutation, showAdQueryKey } from "@/api";
import { useErrorText } from "@/ui/states";

const UNDO_MS = 12_000;

/** Throws an ad away, shows the others, and offers to bring it back. */
export function useDelete({ id, name }: AdView): { remove: () => void; isPending: boolean } {
  const { t } = useTranslation("ads");
  const say = useErrorText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = { ad_id: id };
  const onError = (error: unknown) => void toast.error(say(error));
  const listAgain = () => void client.invalidateQueries({ queryKey: listAdsQueryKey() });
  const restore = useMutation({ ...restoreAdMutation(), onError, onSuccess: listAgain });
  const remove = useMutation({
    ...deleteAdMutation(),
    onError,
    onSuccess: async () => {
      await navigate({ to: "/ads" });
      client.removeQueries({ queryKey: showAdQueryKey({ path }) });
      listAgain();
      toast(t("deleted.said", { name }), {
        duration: UNDO_MS,
        action: { label: t("deleted.undo"), onClick: () => restore.mutate({ path }) },
      });
    },
  });
  return { remove: () => remove.mutate({ path }), isPending: remove.isPending };
}
