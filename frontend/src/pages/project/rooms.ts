import { Rows3 } from "lucide-react";

/** The rooms of a project, in the order of the work. */
export const ROOMS = [{ to: "/projects/$code", name: "project.room.shots", Icon: Rows3 }] as const;
