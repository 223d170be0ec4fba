import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFoundPage } from "@/pages/not-found-page";
import { ProjectLayout } from "@/pages/project/layout";
import { ShotsPage } from "@/pages/project/shots-page";
import {
  readCharactersSearch,
  readCinematicSearch,
  readFarmSearch,
  readGallerySearch,
  readJobsSearch,
  readProjectSearch,
  readWorkersSearch,
} from "@/pages/search";
import { App } from "./app";
import { BrokenPage } from "./new-version";

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
  createRoute({
    getParentRoute: () => project,
    path: "/characters",
    component: lazyRouteComponent(() => import("@/pages/project/characters-page"), "CharactersPage"),
    validateSearch: readCharactersSearch,
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/cinematic",
    component: lazyRouteComponent(() => import("@/pages/project/cinematic-page"), "CinematicPage"),
    validateSearch: readCinematicSearch,
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/gallery",
    component: lazyRouteComponent(() => import("@/pages/project/gallery-page"), "GalleryPage"),
    validateSearch: readGallerySearch,
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/films",
    component: lazyRouteComponent(() => import("@/pages/project/films-page"), "FilmsPage"),
  }),
] as const;

const pages = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("@/pages/projects-page"), "ProjectsPage"),
  }),
  project.addChildren(rooms),
  createRoute({
    getParentRoute: () => root,
    path: "/jobs",
    component: lazyRouteComponent(() => import("@/pages/jobs-page"), "JobsPage"),
    validateSearch: readJobsSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/workers",
    component: lazyRouteComponent(() => import("@/pages/workers-page"), "WorkersPage"),
    validateSearch: readWorkersSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/farm",
    component: lazyRouteComponent(() => import("@/pages/farm-page"), "FarmPage"),
    validateSearch: readFarmSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/ads",
    component: lazyRouteComponent(() => import("@/pages/ads-page"), "AdsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/ads/$id",
    component: lazyRouteComponent(() => import("@/pages/ad-page"), "AdPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/workflows",
    component: lazyRouteComponent(() => import("@/pages/workflows-page"), "WorkflowsPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(pages),
  defaultPreload: false,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
