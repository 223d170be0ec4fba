import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { JobsPage } from "@/pages/jobs-page";
import { NotFoundPage } from "@/pages/not-found-page";
import { ProjectLayout } from "@/pages/project/layout";
import { ShotsPage } from "@/pages/project/shots-page";
import { ProjectsPage } from "@/pages/projects-page";
import { readJobsSearch, readProjectSearch } from "@/pages/search";
import { WorkersPage } from "@/pages/workers-page";
import { App } from "./app";

const root = createRootRoute({ component: App, notFoundComponent: NotFoundPage });

const project = createRoute({
  getParentRoute: () => root,
  path: "/projects/$code",
  component: ProjectLayout,
});

const rooms = [
  createRoute({
    getParentRoute: () => project,
    path: "/",
    component: ShotsPage,
    validateSearch: readProjectSearch,
  }),
] as const;

const pages = [
  createRoute({ getParentRoute: () => root, path: "/", component: ProjectsPage }),
  project.addChildren(rooms),
  createRoute({
    getParentRoute: () => root,
    path: "/jobs",
    component: JobsPage,
    validateSearch: readJobsSearch,
  }),
  createRoute({ getParentRoute: () => root, path: "/workers", component: WorkersPage }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(pages),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
