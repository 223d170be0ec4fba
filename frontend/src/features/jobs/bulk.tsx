import { useMutation } from "@tanstack/react-query";
import { ChevronsUp, Pause, Play, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { type BulkRequest, doInBulkMutation, type JobView } from "@/api";
import { Button, IconButton } from "@/ui/button";
import { Input } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import { jobCan } from "./job-can";

type Deed = BulkRequest["deed"];
const DEEDS = { retry: RotateCcw, cancel: X, hold: Pause, release: Play } as const;

/** Does it to many jobs and tells once how many it was, and why not to the others. */
export function useBulk(onDone?: () => void) {
  const { t } = useTranslation();
  const say = useErrorText();
  const bulk = useMutation({
    ...doInBulkMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: ({ done, refused }, { body }) => {
      const first = refused[0];
      const said = t("jobs.done", { deed: t(`jobs.deed.${body.deed}`), count: done });
      if (first) {
        const count = refused.reduce((sum, row) => sum + row.count, 0);
        toast.warning(said, { description: t("jobs.refused", { count, reason: first.reason }) });
      } else toast.success(said);
      onDone?.();
    },
  });
  return {
    isPending: bulk.isPending,
    run: (deed: Deed, ids: readonly string[], priority?: number) =>
      bulk.mutate({ body: { deed, job_ids: [...ids], ...(priority !== undefined && { priority }) } }),
  };
}

interface BulkBarProps {
  jobs: readonly JobView[];
  onClear: () => void;
}

/** What can be done with the jobs that are selected. */
export function BulkBar({ jobs, onClear }: BulkBarProps) {
  const { t } = useTranslation();
  const { run, isPending } = useBulk();
  const [priority, setPriority] = useState("50");
  const able = (deed: Deed) => jobs.filter((job) => jobCan[deed](job) === undefined).map(({ id }) => id);
  const whyNot = (deed: Deed) => {
    const why = jobs[0] && jobCan[deed](jobs[0]);
    return able(deed).length === 0 && why ? t(why) : undefined;
  };
  const wanted = Number(priority);
  const valid = priority !== "" && Number.isInteger(wanted) && wanted >= 0 && wanted <= 100;
  return (
    <div
      role="toolbar"
      aria-label={t("jobs.bulk")}
      className="fixed inset-x-0 bottom-4 z-20 mx-auto flex w-fit max-w-[94vw] animate-rise flex-wrap items-center gap-2 rounded-xl border border-line-strong bg-raised px-3 py-2 shadow-float"
    >
      <p role="status" className="px-1 text-xs font-semibold">
        {t("jobs.selected", { count: jobs.length })}
      </p>
      {(Object.keys(DEEDS) as (keyof typeof DEEDS)[]).map((deed) => {
        const Icon = DEEDS[deed];
        return (
          <Button
            key={deed}
            size="sm"
            icon={<Icon />}
            busy={isPending}
            look={deed === "cancel" ? "danger" : "plain"}
            why={whyNot(deed)}
            onClick={() => run(deed, able(deed))}
          >
            {t(`jobs.deed.${deed}`)} {able(deed).length}
          </Button>
        );
      })}
      <form
        className="flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) run("priority", able("priority"), wanted);
        }}
      >
        <Input
          aria-label={t("jobs.column.priority")}
          inputMode="numeric"
          className="h-7! w-14!"
          value={priority}
          aria-invalid={!valid}
          onChange={(event) => setPriority(event.target.value)}
        />
        <Button size="sm" type="submit" icon={<ChevronsUp />} busy={isPending} why={whyNot("priority")}>
          {t("jobs.deed.priority")}
        </Button>
      </form>
      <IconButton size="sm" label={t("jobs.clearSelection")} onClick={onClear}>
        <X />
      </IconButton>
    </div>
  );
}
