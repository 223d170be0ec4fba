import clsx from "clsx";
import type { Ref } from "react";
import type { TakeView } from "@/api";

interface TakeMediaProps {
  take: TakeView;
  video?: Ref<HTMLVideoElement>;
  className?: string;
}

/** The picture or the film of a take, filling the box around it. */
export function TakeMedia({ take, video, className }: TakeMediaProps) {
  const { media } = take;
  const label = `${take.shot_code} ${take.label}`;
  const look = clsx("absolute inset-0 size-full object-contain", className);
  if (media.kind === "video")
    return (
      <video
        ref={video}
        src={media.url}
        poster={take.thumbnail_url ?? undefined}
        aria-label={label}
        muted
        loop
        playsInline
        preload="auto"
        className={look}
      />
    );
  return <img src={media.url} alt={label} draggable={false} className={look} />;
}

/** Width by height. */
export const ratioOf = ({ media }: TakeView): number =>
  media.width && media.height ? media.width / media.height : 16 / 9;
