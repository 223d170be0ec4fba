import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JobView, ShotView } from "@/api";
import { Chip } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { Fact, Section } from "@/ui/heading";
import { Drawer } from "@/ui/overlay";
import { Cast, Duration, ShotBadge, Stale } from "./facts";
import { Panel } from "./panel";
import { Takes } from "./takes";
import { Verdict } from "./verdict";

interface ShotDrawerProps {
  shot: ShotView | undefined;
  job: JobView | undefined;
  aspect: string;
  onClose: () => void;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
  /** The jobs of the shot; another feature shows them. */
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
  history,
}: Pick<ShotDrawerProps, "job" | "aspect" | "history"> & { shot: ShotView }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel shot={shot} job={job} aspect={aspect} large />
      <Verdict shot={shot} />
      <Section title={t("shot.takes")}>
        <Takes shot={shot} />
      </Section>
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
          <Fact label={t("shot.camera")}>{shot.cinematic_option || t("shot.none")}</Fact>
          <Fact wide label={t("shot.scene")}>
            {shot.scene_description || t("shot.none")}
          </Fact>
          <Fact wide label={t("shot.action")}>
            {shot.action || t("shot.none")}
          </Fact>
          <Fact wide label={t("shot.cast")}>
            {shot.characters.length > 0 ? <Cast shot={shot} /> : t("shot.none")}
          </Fact>
          {shot.notes && (
            <Fact wide label={t("shot.notes")}>
              {shot.notes}
            </Fact>
          )}
        </dl>
      </Section>
      <Prompt shot={shot} />
      <Section title={t("shot.history")}>{history}</Section>
    </>
  );
}

const PROMPT = "rounded-lg border border-line bg-sunken p-3 text-xs leading-relaxed text-soft";

function Prompt({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  return (
    <Section
      title={t("shot.prompt")}
      tools={<Chip>{shot.prompt_overridden ? t("shot.promptOverride") : t("shot.promptGenerated")}</Chip>}
    >
      <p className={PROMPT}>{shot.effective_prompt}</p>
      {shot.prompt_overridden && (
        <details className="mt-2 text-xs text-faint">
          <summary className="cursor-pointer">{t("shot.promptWas")}</summary>
          <p className="mt-1 leading-relaxed">{shot.generated_prompt}</p>
        </details>
      )}
      {shot.negative_prompt && (
        <dl className="mt-3">
          <Fact label={t("shot.negative")}>
            <span className="text-xs text-soft">{shot.negative_prompt}</span>
          </Fact>
        </dl>
      )}
    </Section>
  );
}
