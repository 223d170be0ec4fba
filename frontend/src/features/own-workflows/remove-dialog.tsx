import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { deleteOwnWorkflowMutation, listWorkflowsQueryKey, type WorkflowView } from "@/api";
import { useLanguage } from "@/i18n";
import { DialogFooter } from "@/ui/dialog-footer";
import { Dialog } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";

interface RemoveDialogProps {
  workflow: WorkflowView;
  onClose: () => void;
}

export function RemoveDialog({ workflow, onClose }: RemoveDialogProps) {
  const { t } = useTranslation("own");
  const language = useLanguage();
  const say = useErrorText();
  const client = useQueryClient();
  const remove = useMutation({
    ...deleteOwnWorkflowMutation(),
    onSuccess: () => {
      toast.success(t("removed"));
      void client.invalidateQueries({ queryKey: listWorkflowsQueryKey() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("removeTitle", { title: workflow.title[language] })}
      footer={
        <DialogFooter
          look="danger"
          submit={t("remove")}
          busy={remove.isPending}
          onClick={() => remove.mutate({ path: { name: workflow.name.split("/")[1] ?? "" } })}
          onCancel={onClose}
        />
      }
    >
      <p className="text-[0.8125rem] text-soft">{t("removeHelp")}</p>
      {remove.error && (
        <div className="mt-3">
          <Notice tone="bad">{say(remove.error)}</Notice>
        </div>
      )}
    </Dialog>
  );
}
