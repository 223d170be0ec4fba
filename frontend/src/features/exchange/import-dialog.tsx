import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { importFileMutation, type ImportReport, type OnConflict } from "@/api";
import { Button } from "@/ui/button";
import { DialogFooter } from "@/ui/dialog-footer";
import { Dialog } from "@/ui/overlay";
import { Loading, Notice, useErrorText } from "@/ui/states";
import { FileField, isReadable } from "./file-field";
import { changesAnything, type ImportChoices, Report } from "./import-report";

const FIRST: ImportChoices = { createMissing: false, onConflict: "refuse" };

interface ImportDialogProps {
  code: string;
  open: boolean;
  /** A file that was dropped on the page. */
  dropped: File | undefined;
  onClose: () => void;
}

/** Choose a file, see what it would do, do it. */
export function ImportDialog({ code, open, dropped, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const [file, setFile] = useState<File>();
  const [choices, setChoices] = useState(FIRST);
  const dryRun = useMutation(importFileMutation());
  const apply = useMutation({
    ...importFileMutation(),
    onSuccess: () => {
      toast.success(t("import.done"));
      close();
    },
  });

  function read(next: File, { createMissing, onConflict }: ImportChoices = FIRST) {
    setFile(next);
    setChoices({ createMissing, onConflict });
    apply.reset();
    if (isReadable(next)) dryRun.mutate(request(code, next, createMissing, onConflict, true));
  }

  function close() {
    setFile(undefined);
    setChoices(FIRST);
    dryRun.reset();
    apply.reset();
    onClose();
  }

  const seen = useRef<File>(undefined);
  useEffect(() => {
    if (dropped === undefined || dropped === seen.current) return;
    seen.current = dropped;
    read(dropped);
  });

  const report: ImportReport | undefined = dryRun.data;
  const error = apply.error ?? dryRun.error;
  return (
    <Dialog
      wide
      open={open}
      onClose={close}
      title={t("import.title")}
      description={file && report ? `${file.name} — ${t("import.dryRun")}` : undefined}
      footer={
        file && (
          <DialogFooter
            submit={t("import.apply")}
            busy={apply.isPending || dryRun.isPending}
            why={whyNot(report) && t(whyNot(report) ?? "import.notReady")}
            onClick={() =>
              apply.mutate(request(code, file, choices.createMissing, choices.onConflict, false))
            }
            onCancel={close}
          >
            <Button look="quiet" className="mr-auto" onClick={() => setFile(undefined)}>
              {t("import.another")}
            </Button>
          </DialogFooter>
        )
      }
    >
      {file === undefined && <FileField onFile={read} />}
      {file && !isReadable(file) && <Notice tone="bad">{t("import.wrongType", { name: file.name })}</Notice>}
      {dryRun.isPending && report === undefined && <Loading />}
      {file && error && (
        <div className="mb-4">
          <Notice tone="bad">{say(error)}</Notice>
        </div>
      )}
      {file && report && <Report report={report} choices={choices} onChoices={(next) => read(file, next)} />}
    </Dialog>
  );
}

function request(
  code: string,
  file: File,
  create_missing: boolean,
  on_conflict: OnConflict,
  dry_run: boolean,
) {
  return { path: { code }, body: { file }, query: { dry_run, create_missing, on_conflict } };
}

function whyNot(report: ImportReport | undefined): "import.notReady" | "import.nothing" | undefined {
  if (report === undefined || !report.ready) return "import.notReady";
  return changesAnything(report) ? undefined : "import.nothing";
}
