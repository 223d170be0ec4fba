import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type BatchView,
  listWorkflowsOptions,
  type ShotView,
  submitBatchMutation,
  type SubmitRequest,
  type WorkflowView,
} from "@/api";
import { ApiError } from "@/api/errors";
import { useLanguage } from "@/i18n";
import { randomKey } from "@/lib/random-key";
import { DialogFooter } from "@/ui/dialog-footer";
import { Field, Select } from "@/ui/field";
import { Dialog } from "@/ui/overlay";
import { Failed, Loading, Notice, useErrorText } from "@/ui/states";
import { BatchOptions } from "./batch-options";
import { ParameterField } from "./parameter-field";
import { recall, recallValues, remember } from "./remembered";
import { askedOf, buildRequest, type Parameter, type Values, wrongOf } from "./request";

interface GenerateDialogProps {
  code: string;
  shots: readonly ShotView[];
  selected: ReadonlySet<string>;
  open: boolean;
  onClose: () => void;
  onSubmitted: (batch: BatchView) => void;
}

const STORYBOARD = "text_to_image/storyboard";

export function GenerateDialog(props: GenerateDialogProps) {
  const { t } = useTranslation();
  const workflows = useQuery(listWorkflowsOptions());
  if (!props.open) return null;
  const known = workflows.data?.rows.filter(({ scope }) => scope === "shot");
  if (known && known.length > 0)
    return <Open {...props} workflows={workflows.data?.rows ?? []} ofShots={known} />;
  return (
    <Dialog open wide onClose={props.onClose} title={t("generate.title")}>
      {workflows.isError ? (
        <Failed error={workflows.error} onRetry={() => void workflows.refetch()} />
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

type OpenProps = GenerateDialogProps & {
  workflows: readonly WorkflowView[];
  ofShots: readonly WorkflowView[];
};

function Open({ code, shots, selected, onClose, onSubmitted, workflows, ofShots }: OpenProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useErrorText();
  const recalled = useMemo(() => recall(code), [code]);
  const [name, setName] = useState(recalled.workflow ?? STORYBOARD);
  const workflow = ofShots.find((row) => row.name === name) ?? ofShots[0];
  const [kept, setKept] = useState(recalled.kept);
  const [values, setValues] = useState<Values>(() => recallValues(code, workflow?.name ?? name));
  const [onlySelected, setOnlySelected] = useState(selected.size > 0);
  // One key for one wish: pressing again after a lost answer must not make a second batch.
  const key = useRef<{ value: string; of: string }>(undefined);
  const submit = useMutation({
    ...submitBatchMutation(),
    onSuccess: ({ batch, job_ids, warnings }) => {
      if (workflow) remember(code, workflow, kept, values);
      toast.success(t("generate.submitted", { count: job_ids.length }));
      for (const warning of warnings ?? []) toast.warning(warning[language]);
      onSubmitted(batch);
    },
  });
  if (workflow === undefined) return null;
  const { plain, advanced } = askedOf(workflow);
  const ids = onlySelected ? shots.filter(({ id }) => selected.has(id)).map(({ id }) => id) : null;
  const runs = (wanted: string) => workflows.find((row) => row.name === wanted)?.runs ?? false;
  const wrong = Object.entries(workflow.parameters).some(
    ([field, parameter]) => wrongOf(parameter, values[field]) !== undefined,
  );
  const why =
    shots.length === 0
      ? t("generate.noShots")
      : !workflow.runs
        ? t("generate.noEngine")
        : wrong
          ? t("generate.mendFirst")
          : undefined;

  function choose(chosen: string) {
    submit.reset();
    setName(chosen);
    setValues(recallValues(code, chosen));
  }
  function send() {
    if (workflow === undefined || why !== undefined || submit.isPending) return;
    const body = buildRequest(workflow, { ...kept, shots: ids, values }, runs);
    submit.mutate({ path: { code }, body, headers: { "idempotency-key": keyFor(body) } });
  }
  function keyFor(body: SubmitRequest): string {
    const of = JSON.stringify(body);
    if (key.current?.of !== of) key.current = { value: randomKey(), of };
    return key.current.value;
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  }
  const saidOf = (field: string) =>
    submit.error instanceof ApiError ? submit.error.about(field) : undefined;
  const atFields = Object.keys(workflow.parameters).some((field) => saidOf(field) !== undefined);
  const field = ([parameter, about]: [string, Parameter]) => (
    <ParameterField
      key={`${workflow.name} ${parameter}`}
      project={code}
      name={parameter}
      parameter={about}
      value={values[parameter]}
      error={saidOf(parameter)}
      onChange={(value) => setValues({ ...values, [parameter]: value })}
    />
  );
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("generate.title")}
      footer={
        <DialogFooter
          submit={t("generate.submit")}
          busy={submit.isPending}
          why={why}
          onClick={send}
          onCancel={onClose}
        >
          <p className="mr-auto text-xs text-soft" role="status">
            {t("generate.jobs", { count: (ids ?? shots).length * kept.takes })}
          </p>
        </DialogFooter>
      }
    >
      <div className="flex flex-col gap-4" onKeyDown={onKeyDown}>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t("generate.workflow")}>
            {(field) => (
              <Select {...field} value={workflow.name} onChange={(event) => choose(event.target.value)}>
                {byKind(ofShots).map(([kind, rows]) => (
                  <optgroup key={kind} label={isKind(kind) ? t(`generate.kinds.${kind}`) : kind}>
                    {rows.map((row) => (
                      <option key={row.name} value={row.name}>
                        {row.title[language]}
                        {row.runs && row.lacks === null ? "" : ` (${t("generate.cannotRun")})`}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t("generate.scope")}>
            {(field) => (
              <Select
                {...field}
                value={onlySelected ? "selected" : "all"}
                onChange={(event) => setOnlySelected(event.target.value === "selected")}
              >
                {selected.size > 0 && (
                  <option value="selected">{t("generate.scopeSelected", { count: selected.size })}</option>
                )}
                <option value="all">{t("generate.scopeAll", { count: shots.length })}</option>
              </Select>
            )}
          </Field>
          <p className="col-span-full flex items-baseline justify-between gap-3 text-xs text-soft">
            {workflow.description[language]}
            <Link to="/workflows" className="shrink-0 text-accent underline-offset-4 hover:underline">
              {t("generate.own")}
            </Link>
          </p>
        </div>
        {!workflow.runs ? (
          <Notice tone="warn">{t("generate.noEngine")}</Notice>
        ) : (
          workflow.lacks && <Notice tone="warn">{workflow.lacks[language]}</Notice>
        )}
        {submit.error && !atFields && <Notice tone="bad">{say(submit.error)}</Notice>}
        <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3.5 border-t border-line pt-4 md:grid-cols-3">
          {plain.map(field)}
        </div>
        {advanced.length > 0 && (
          <details open={advanced.some(([parameter]) => saidOf(parameter) !== undefined) || undefined}>
            <summary className="cursor-pointer text-xs font-medium text-soft">
              {t("generate.advanced")}
            </summary>
            <div className="mt-3 grid grid-cols-2 items-start gap-x-4 gap-y-3.5 md:grid-cols-3">
              {advanced.map(field)}
            </div>
          </details>
        )}
        <BatchOptions workflow={workflow} kept={kept} runs={runs} onChange={setKept} />
      </div>
    </Dialog>
  );
}

function byKind(rows: readonly WorkflowView[]): [string, WorkflowView[]][] {
  const kinds = new Map<string, WorkflowView[]>();
  for (const row of rows) {
    const kind = row.name.split("/")[0] ?? "";
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds].toSorted(([a], [b]) => (a === b ? 0 : a === "text_to_image" ? -1 : 1));
}

type Kind = "text_to_image" | "image_to_video" | "video_utils" | "own";

const isKind = (kind: string): kind is Kind =>
  kind === "text_to_image" || kind === "image_to_video" || kind === "video_utils" || kind === "own";
