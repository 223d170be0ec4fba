import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "@/i18n";
import type { JobView, WorkflowView } from "./generated";
import { listWorkflowsOptions } from "./generated/@tanstack/react-query.gen";

type Named = Pick<JobView, "name" | "workflow">;

/** The master names a job in English: its shot or project, then the workflow's title. This puts in another language. */
export function jobName(
  { name, workflow }: Named,
  workflows: readonly WorkflowView[],
  language: "ko" | "en",
): string {
  const title = workflows.find((known) => known.name === workflow)?.title;
  return title && name.endsWith(title.en) ? name.slice(0, -title.en.length) + title[language] : name;
}

export function useJobName(): (job: Named) => string {
  const language = useLanguage();
  const workflows = useQuery(listWorkflowsOptions());
  return (job) => jobName(job, workflows.data?.rows ?? [], language);
}
