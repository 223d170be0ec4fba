import { createContext, useContext } from "react";
import type { ProjectView } from "@/api";

const Opened = createContext<ProjectView | null>(null);

/** Around everything that is seen of one project. */
export const OpenProject = Opened.Provider;

export function useProject(): ProjectView {
  const project = useContext(Opened);
  if (project === null) throw new Error("useProject is used outside a project");
  return project;
}
