import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Upload, Workflow } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { listWorkflowsOptions, proposeOwnWorkflowMutation, showOwnWorkflowOptions } from "@/api";
import { Editor } from "@/features/own-workflows/editor";
import { GraphField } from "@/features/own-workflows/graph-field";
import { Refusal } from "@/features/own-workflows/refusal";
import { type Form, formOf } from "@/features/own-workflows/rows";
import { Shelf } from "@/features/own-workflows/shelf";
import { useLanguage } from "@/i18n";
import { useOwnTexts } from "@/i18n/own";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading, useErrorText } from "@/ui/states";

export function WorkflowsPage() {
  return <Page>{useOwnTexts() ? <Workflows /> : <Loading />}</Page>;
}

/** The workflows of the farm; a graph that is brought along becomes one of them. */
function Workflows() {
  const [form, setForm] = useState<Form>();
  const [bringing, setBringing] = useState(false);
  const close = () => {
    setForm(undefined);
    setBringing(false);
  };
  if (form) return <Editing form={form} onClose={close} />;
  return bringing ? (
    <Bring onClose={close} onForm={setForm} />
  ) : (
    <List onBring={() => setBringing(true)} onForm={setForm} />
  );
}

function Editing({ form, onClose }: { form: Form; onClose: () => void }) {
  const { t } = useTranslation("own");
  const language = useLanguage();
  const { title_ko, title_en } = form.draft;
  const title = (language === "ko" ? title_ko : title_en) || title_ko || form.name;
  return (
    <>
      <PageHead
        title={form.version === undefined ? t("newTitle") : t("changeTitle", { title })}
        facts={
          form.version !== undefined && (
            <p className="mt-1 text-xs text-soft">{t("changeHelp", { version: form.version + 1 })}</p>
          )
        }
      >
        <Back onClose={onClose} />
      </PageHead>
      <Editor first={form} onClose={onClose} />
    </>
  );
}

function Bring({ onClose, onForm }: { onClose: () => void; onForm: (form: Form) => void }) {
  const { t } = useTranslation("own");
  const propose = useMutation({
    ...proposeOwnWorkflowMutation(),
    onSuccess: (proposal) => onForm(formOf(proposal)),
  });
  return (
    <>
      <PageHead title={t("newTitle")} facts={<p className="mt-1 text-xs text-soft">{t("noneHelp")}</p>}>
        <Back onClose={onClose} />
      </PageHead>
      <div className="mt-5 grid gap-4">
        <GraphField onFile={(file) => propose.mutate({ body: { file } })} />
        <p role="status" className="text-xs text-soft">
          {propose.isPending && t("reading")}
        </p>
        <Refusal error={propose.error} />
      </div>
    </>
  );
}

function Back({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("own");
  return (
    <Button look="quiet" icon={<ArrowLeft />} onClick={onClose}>
      {t("title")}
    </Button>
  );
}

function List({ onBring, onForm }: { onBring: () => void; onForm: (form: Form) => void }) {
  const { t } = useTranslation("own");
  const say = useErrorText();
  const client = useQueryClient();
  const workflows = useQuery(listWorkflowsOptions());
  const rows = workflows.data?.rows.filter(({ scope }) => scope !== "farm") ?? [];
  const own = rows.filter(({ name }) => name.startsWith("own/"));
  const upload = (
    <Button look="primary" icon={<Upload />} onClick={onBring}>
      {t("upload")}
    </Button>
  );
  function edit(name: string) {
    client
      .fetchQuery({ ...showOwnWorkflowOptions({ path: { name } }), staleTime: 0 })
      .then((view) => onForm(formOf(view, view.version)))
      .catch((error: unknown) => toast.error(say(error)));
  }
  return (
    <>
      <PageHead title={t("title")} facts={<p className="mt-1 text-xs text-soft">{t("help")}</p>}>
        {own.length > 0 && upload}
      </PageHead>
      {workflows.isPending && <Loading />}
      {workflows.isError && <Failed error={workflows.error} onRetry={() => void workflows.refetch()} />}
      {workflows.data && (
        <div className="mt-5 grid gap-4">
          {own.length > 0 ? (
            <Shelf title={t("mine")} rows={own} onEdit={edit} />
          ) : (
            <Empty
              icon={<Workflow />}
              title={t("none")}
              help={t("noneHelp")}
              className="rounded-xl border border-line bg-surface py-12"
            >
              {upload}
            </Empty>
          )}
          <Shelf title={t("shipped")} rows={rows.filter((row) => !own.includes(row))} />
        </div>
      )}
    </>
  );
}
