import { useMutation } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { createEnrolTokenMutation } from "@/api";
import { Button } from "@/ui/button";
import { CopyLine } from "@/ui/copy-line";
import { Dialog } from "@/ui/overlay";
import { Failed, Loading } from "@/ui/states";

/** The command that joins a box, with a token made for this view of it. */
export function JoinDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <Open onClose={onClose} /> : null;
}

function Open({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { mutate, ...token } = useMutation(createEnrolTokenMutation());
  useEffect(() => mutate({}), [mutate]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("workers.joinTitle")}
      description={t("workers.joinHelp")}
      footer={
        <Button icon={<RefreshCw />} busy={token.isPending} onClick={() => mutate({})}>
          {t("workers.newToken")}
        </Button>
      }
    >
      {token.isError && <Failed error={token.error} onRetry={() => mutate({})} />}
      {token.isPending && <Loading className="py-6" />}
      {token.data && (
        <>
          <CopyLine
            text={`cinefarm worker --master ${globalThis.location.origin} --token ${token.data.token}`}
          />
          <p className="mt-3 text-xs text-faint">
            {t("workers.joinNote", { minutes: Math.round(token.data.expires_in_s / 60) })}
          </p>
        </>
      )}
    </Dialog>
  );
}
