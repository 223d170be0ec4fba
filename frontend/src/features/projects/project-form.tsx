import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createProjectMutation, listProjectsQueryKey, type ProjectView } from "@/api";
import { ApiError } from "@/api/errors";
import { formatRate, RATES } from "@/lib/timecode";
import { Field, Input, Select, TextArea } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { useErrorText } from "@/ui/states";

const SHOWN_AT_FIELD = [
  "code",
  "name",
  "fps_num",
  "start_timecode",
  "width",
  "height",
  "aspect_ratio",
  "style_notes",
];

interface ProjectFormProps {
  open: boolean;
  onClose: () => void;
  onCreated: (project: ProjectView) => void;
}

export function ProjectForm({ open, onClose, onCreated }: ProjectFormProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const [missing, setMissing] = useState<Record<string, string>>({});
  const create = useMutation({
    ...createProjectMutation(),
    onSuccess: (project) => {
      void client.invalidateQueries({ queryKey: listProjectsQueryKey() });
      onCreated(project);
    },
  });

  function submit(text: (name: string) => string) {
    const lacking = (["code", "name"] as const).filter((name) => text(name) === "");
    setMissing(Object.fromEntries(lacking.map((name) => [name, t(`projects.form.needs.${name}`)])));
    if (lacking.length > 0) return;
    const rate = RATES[Number(text("rate"))] ?? { num: 24, den: 1 };
    create.mutate({
      body: {
        code: text("code"),
        name: text("name"),
        fps_num: rate.num,
        fps_den: rate.den,
        start_timecode: text("start_timecode"),
        width: Number(text("width")),
        height: Number(text("height")),
        aspect_ratio: text("aspect_ratio"),
        style_notes: text("style_notes"),
      },
    });
  }

  const error = create.error instanceof ApiError ? create.error : undefined;
  const about = (field: string) => missing[field] ?? error?.about(field);
  const elsewhere = create.error !== null && !SHOWN_AT_FIELD.some((field) => error?.about(field));

  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title={t("projects.form.title")}
      description={t("projects.form.help")}
      submit={t("projects.form.submit")}
      busy={create.isPending}
      trouble={elsewhere ? say(create.error) : undefined}
      onSubmit={submit}
      className="grid grid-cols-6 gap-x-3 gap-y-4"
    >
      <Field label={t("projects.form.name")} error={about("name")} className="col-span-6">
        {(ids) => <Input {...ids} name="name" autoComplete="off" maxLength={200} />}
      </Field>
      <Field
        label={t("projects.form.code")}
        help={t("projects.form.codeHelp")}
        error={about("code")}
        className="col-span-6"
      >
        {(ids) => (
          <Input {...ids} name="code" autoComplete="off" className="font-mono uppercase" maxLength={32} />
        )}
      </Field>
      <Field label={t("projects.form.fps")} error={about("fps_num")} className="col-span-3">
        {(ids) => (
          <Select {...ids} name="rate" defaultValue="1">
            {RATES.map((rate, index) => (
              <option key={formatRate(rate)} value={index}>
                {formatRate(rate)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("projects.form.start")} error={about("start_timecode")} className="col-span-3">
        {(ids) => <Input {...ids} name="start_timecode" defaultValue="01:00:00:00" className="font-mono" />}
      </Field>
      <Field label={t("projects.form.width")} error={about("width")} className="col-span-2">
        {(ids) => <Input {...ids} name="width" inputMode="numeric" defaultValue="1280" />}
      </Field>
      <Field label={t("projects.form.height")} error={about("height")} className="col-span-2">
        {(ids) => <Input {...ids} name="height" inputMode="numeric" defaultValue="720" />}
      </Field>
      <Field label={t("projects.form.aspect")} error={about("aspect_ratio")} className="col-span-2">
        {(ids) => <Input {...ids} name="aspect_ratio" defaultValue="16:9" />}
      </Field>
      <Field
        label={t("projects.form.style")}
        help={t("projects.form.styleHelp")}
        error={about("style_notes")}
        className="col-span-6"
      >
        {(ids) => <TextArea {...ids} name="style_notes" maxLength={4000} />}
      </Field>
    </FormDialog>
  );
}
