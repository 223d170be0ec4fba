import { Aperture, Film, Images, Rows3, UsersRound } from "lucide-react";

/** The rooms of a project, in the order of the work. */
export const ROOMS = [
  { to: "/projects/$code", name: "project.room.shots", Icon: Rows3 },
  { to: "/projects/$code/characters", name: "project.room.characters", Icon: UsersRound },
  { to: "/projects/$code/cinematic", name: "project.room.cinematic", Icon: Aperture },
  { to: "/projects/$code/gallery", name: "project.room.gallery", Icon: Images },
  { to: "/projects/$code/films", name: "project.room.films", Icon: Film },
] as const;
