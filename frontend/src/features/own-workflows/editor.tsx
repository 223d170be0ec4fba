import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  changeOwnWorkflowMutation,
  createOwnWorkflowMutation,
  listWorkflowsQueryKey,
  proposeOwnWorkflowMutation,
  type ProposedInput,
} from "@/api";
import { isStale } from "@/api/errors";
import { Button } from "@/ui/button";
import { Notice, useErrorText } from "@/ui/states";
import { Basics } from "./basics";
import { GraphField } from "./graph-field";
import { InputRow } from "./input-row";
import { problemsOf } from "./problems";
import { Refusal } from "./refusal";
import { askedOf, carried, draftOf, type Form } from "./rows";

interface EditorProps {
  first: Form;
  onClose: () => void;
}

/** The form that makes a graph a workflow. */
export function Editor({ first, onClose }: EditorProps) {
  const { t } = useTranslation("own");
  const { t: common } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const [form, setForm] = useState(first);
  const place = useRef<HTMLFormElement>(null);
  const done = () => {
    toast.success(t("saved"));
    void client.invalidateQueries({ queryKey: listWorkflowsQueryKey() });
    onClose();
  };
  const create = useMutation({ ...createOwnWorkflowMutation(), onSuccess: done });
  const change = useMutation({ ...changeOwnWorkflowMutation(), onSuccess: done });
  const replace = useMutation({
    ...proposeOwnWorkflowMutation(),
    onSuccess: ({ draft, inputs }) =>
      setForm((now) => ({
        ...now,
        draft: { ...now.draft, graph: draft.graph, kind: draft.kind },
        rows: carried(now.rows, inputs),
      })),
  });
  const error = create.error ?? change.error;
  const problems = problemsOf(error);
  const asked = askedOf(form.rows);
  const changeRow = useCallback(
    (index: number, row: ProposedInput) =>
      setForm((now) => ({ ...now, rows: now.rows.map((one, place) => (place === index ? row : one)) })),
    [],
  );
  useEffect(() => {
    if (!error) return;
    const wrong = place.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center" }); // not under the bars at the top and the foot
  }, [error]);

  function save() {
    if (create.isPending || change.isPending) return;
    const draft = draftOf(form);
    if (form.version === undefined) create.mutate({ body: { name: form.name, draft } });
    else
      change.mutate({
        path: { name: form.name },
        body: draft,
        headers: { "if-match": String(form.version) },
      });
  }

  const rows = form.rows.map((row, index) => ({ row, index }));
  const open = rows.filter(({ row }) => row.fixed !== true);
  const fixed = rows.filter(({ row }) => row.fixed === true);
  return (
    <form
      ref={place}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      className="mt-5 grid gap-4"
    >
      <Basics form={form} problems={problems} onChange={setForm} />
      <section aria-label={t("inputs")} className="rounded-xl border border-line bg-surface p-5">
        <div className="flex items-baseline justify-between gap-3">
          <h2 className="text-sm font-semibold">{t("inputs")}</h2>
          <p role="status" className="text-xs text-soft">
            {t("counted", { asked: asked.length, count: open.length })}
          </p>
        </div>
        <p className="mt-1 text-xs text-soft">{t("inputsHelp")}</p>
        <ul className="mt-3 grid gap-1.5">
          {open.map(({ row, index }) => (
            <InputRow
              key={row.places.map(({ node, input }) => `${node}.${input}`).join(" ")}
              row={row}
              said={(field) => problems.of(row.name, asked.indexOf(row), field)}
              onChange={(changed) => changeRow(index, changed)}
            />
          ))}
        </ul>
        {fixed.length > 0 && (
          <details className="mt-4">
            <summary className="cursor-pointer text-xs font-medium text-soft">
              {t("fixed", { count: fixed.length })}
            </summary>
            <ul className="mt-2 grid gap-1 pl-3.5 text-xs text-soft">
              {fixed.map(({ row }) => (
                <li key={row.name}>
                  <span className="font-mono">{String(row.value)}</span>{" "}
                  <span className="text-faint">{row.node_title}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </section>
      {form.version !== undefined && (
        <GraphField small onFile={(file) => replace.mutate({ body: { file } })} />
      )}
      <Refusal error={replace.error ?? error} />
      <footer className="sticky bottom-0 z-10 -mx-5 flex items-center justify-end gap-3 border-t border-line bg-paper/92 px-5 py-3 backdrop-blur lg:-mx-8 lg:px-8">
        {error && (
          <div className="mr-auto min-w-0">
            {isStale(error) ? (
              <Notice tone="bad">{t("stale")}</Notice>
            ) : (
              <p role="alert" className="text-[0.8125rem] text-tone-bad">
                {problems.count > 0 ? t("mend", { count: problems.count }) : say(error)}
              </p>
            )}
          </div>
        )}
        <Button look="quiet" onClick={onClose}>
          {common("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={create.isPending || change.isPending}>
          {t("save")}
        </Button>
      </footer>
    </form>
  );
}
