import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Clapperboard, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listProjectsOptions } from "@/api";
import { ProjectCard } from "@/features/projects/project-card";
import { ProjectForm } from "@/features/projects/project-form";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";

export function ProjectsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const projects = useQuery(listProjectsOptions());
  const [creating, setCreating] = useState(false);
  const create = (
    <Button look="primary" icon={<Plus />} onClick={() => setCreating(true)}>
      {t("projects.new")}
    </Button>
  );

  return (
    <Page>
      <PageHead title={t("projects.title")}>{create}</PageHead>
      {projects.isPending && <Loading />}
      {projects.isError && <Failed error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.data?.rows.length === 0 && (
        <Empty icon={<Clapperboard />} title={t("projects.empty")} help={t("projects.emptyHelp")}>
          {create}
        </Empty>
      )}
      <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(19rem,1fr))] gap-5">
        {projects.data?.rows.map((project) => (
          <li key={project.id}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
      <ProjectForm
        open={creating}
        onClose={() => setCreating(false)}
        onCreated={({ code }) => void navigate({ to: "/projects/$code", params: { code } })}
      />
    </Page>
  );
}
