import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type ProjectView, showProjectOptions } from "@/api";
import { ApiError } from "@/api/errors";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import { TAB } from "@/ui/tabs";
import { OpenProject } from "./open-project";
import { ROOMS } from "./rooms";

const route = getRouteApi("/projects/$code");

/** What the rooms of a project share: its name, the way from room to room, and what to say when it is not there. */
export function ProjectLayout() {
  const { t } = useTranslation();
  const { code } = route.useParams();
  const project = useQuery(showProjectOptions({ path: { code } }));
  if (project.isPending) return <Loading />;
  if (project.isError) {
    const { error } = project;
    return (
      <Page>
        {error instanceof ApiError && error.status === 404 ? (
          <Empty icon={<MapPinOff />} title="404" help={t("project.missing", { code })} />
        ) : (
          <Failed error={error} onRetry={() => void project.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <OpenProject key={project.data.id} value={project.data}>
      <Rooms project={project.data} />
      <Outlet />
    </OpenProject>
  );
}

function Rooms({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  return (
    <div className="sticky top-12 z-20 flex h-10 items-stretch gap-4 border-b border-line bg-paper/92 px-5 backdrop-blur lg:px-8">
      <p className="flex min-w-0 items-center gap-2 text-[0.8125rem]">
        <span className="timecode text-xs text-accent">{project.code}</span>
        <span className="truncate font-semibold max-sm:sr-only">{project.name}</span>
      </p>
      <nav aria-label={t("project.rooms")} className="flex min-w-0 items-stretch overflow-x-auto">
        {ROOMS.map(({ to, name, Icon }) => (
          <Link
            key={to}
            to={to}
            params={{ code: project.code }}
            activeOptions={{ exact: true, includeSearch: false }}
            className={TAB}
          >
            <Icon aria-hidden />
            <span className="max-sm:sr-only">{t(name)}</span>
          </Link>
        ))}
      </nav>
    </div>
  );
}
