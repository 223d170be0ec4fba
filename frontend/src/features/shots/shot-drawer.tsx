import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JobView, ShotView } from "@/api";
import { IconButton } from "@/ui/button";
import { Fact, Section } from "@/ui/heading";
import { Drawer } from "@/ui/overlay";
import { Duration, ShotBadge, Stale } from "./facts";
import { StarPicker, TagPicker } from "./marks";
import { Panel } from "./panel";

interface ShotDrawerProps {
  shot: ShotView | undefined;
  job: JobView | undefined;
  aspect: string;
  /** Tags that shots of the project have. */
  tags: () => readonly string[];
  onWrite: (changed: Partial<Pick<ShotView, "rating" | "tags">>) => void;
  onClose: () => void;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
  /** Its takes, what it is made from, its jobs: other features show them. */
  takes: ReactNode;
  prompt: ReactNode;
  history: ReactNode;
}

export function ShotDrawer({ shot, onClose, previous, next, ...rest }: ShotDrawerProps) {
  const { t } = useTranslation();
  if (shot === undefined) return null;
  return (
    <Drawer
      open
      onClose={onClose}
      title={
        <span className="flex items-center gap-3">
          <span className="timecode text-lg">{shot.code}</span>
          <ShotBadge shot={shot} />
          <Stale shot={shot} />
        </span>
      }
      tools={
        <>
          <IconButton
            size="sm"
            label={t("shot.previous")}
            onClick={previous}
            why={previous ? undefined : t("shot.previous")}
          >
            <ChevronLeft />
          </IconButton>
          <IconButton size="sm" label={t("shot.next")} onClick={next} why={next ? undefined : t("shot.next")}>
            <ChevronRight />
          </IconButton>
        </>
      }
    >
      <Body key={shot.id} shot={shot} {...rest} />
    </Drawer>
  );
}

function Body({
  shot,
  job,
  aspect,
  tags,
  onWrite,
  takes,
  prompt,
  history,
}: Omit<ShotDrawerProps, "onClose" | "previous" | "next"> & { shot: ShotView }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel shot={shot} job={job} aspect={aspect} large />
      {takes}
      <Section title={t("shot.details")}>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
          <Fact label={t("shot.timecode")}>
            <span className="timecode">
              {shot.timecode_in} – {shot.timecode_out}
            </span>
          </Fact>
          <Fact label={t("shot.duration")}>
            <Duration shot={shot} />
          </Fact>
          <Fact label={t("shot.sequence")}>{shot.sequence || t("shots.noSequence")}</Fact>
          <Fact label={t("table.column.rating")}>
            <StarPicker shot={shot} onWrite={onWrite} />
          </Fact>
          <Fact wide label={t("table.column.tags")}>
            <TagPicker shot={shot} known={tags} onWrite={onWrite} />
          </Fact>
          <Fact wide label={t("shot.scene")}>
            {shot.scene_description || t("shot.none")}
          </Fact>
          <Fact wide label={t("shot.action")}>
            {shot.action || t("shot.none")}
          </Fact>
          {shot.notes && (
            <Fact wide label={t("shot.notes")}>
              {shot.notes}
            </Fact>
          )}
        </dl>
      </Section>
      {prompt}
      <Section title={t("shot.history")}>{history}</Section>
    </>
  );
}
