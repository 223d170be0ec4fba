import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { JobsPage } from "@/pages/jobs-page";
import { NotFoundPage } from "@/pages/not-found-page";
import { ProjectPage } from "@/pages/project-page";
import { ProjectsPage } from "@/pages/projects-page";
import { readJobsSearch, readProjectSearch } from "@/pages/search";
import { WorkersPage } from "@/pages/workers-page";
import { App } from "./app";

const root = createRootRoute({ component: App, notFoundComponent: NotFoundPage });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: ProjectsPage }),
  createRoute({
    getParentRoute: () => root,
    path: "/projects/$code",
    component: ProjectPage,
    validateSearch: readProjectSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/jobs",
    component: JobsPage,
    validateSearch: readJobsSearch,
  }),
  createRoute({ getParentRoute: () => root, path: "/workers", component: WorkersPage }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: false,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
