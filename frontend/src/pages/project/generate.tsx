import type { ComponentProps } from "react";
import { GenerateDialog } from "@/features/generate/generate-dialog";
import type { ShotRoom } from "@/features/shots/room";

type Props = Omit<ComponentProps<typeof GenerateDialog>, "code" | "shots"> & { room: ShotRoom };

/** The dialog with the shots as they are when it opens. */
export function Generate({ room, open, ...rest }: Props) {
  if (!open) return null;
  const { rows, project } = room;
  const shots = rows.ids.flatMap((id) => rows.get(id) ?? []);
  return <GenerateDialog code={project.code} shots={shots} open {...rest} />;
}
