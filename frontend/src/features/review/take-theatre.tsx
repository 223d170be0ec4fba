import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { showShotOptions, showTakeOptions, type TakeView } from "@/api";
import { REVIEW_TONES } from "@/api/statuses";
import { Badge, Chip } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { Section } from "@/ui/heading";
import { Theatre } from "@/ui/overlay";
import { Pane } from "@/ui/pane";
import { Failed, Loading } from "@/ui/states";
import { ratioOf, TakeMedia } from "@/ui/take-media";
import { useViewport } from "@/ui/viewport";
import { type Mark, Marks } from "./marks";
import { NoteForm } from "./note-form";
import { Notes, useNotes } from "./notes";
import { Recipe } from "./recipe";
import { Regenerate } from "./regenerate";
import { MOST_REGIONS, type Region, type Tool } from "./regions";
import { TakeVerdict } from "./take-verdict";

interface TakeTheatreProps {
  takeId: string;
  onClose: () => void;
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
}

/** One take over the whole window, with what is said of it. */
export function TakeTheatre({ takeId, onClose, previous, next }: TakeTheatreProps) {
  const { t } = useTranslation();
  const take = useQuery(showTakeOptions({ path: { id: takeId } }));
  const [noting, setNoting] = useState(false);
  const film = useRef<HTMLVideoElement>(null);
  const viewport = useViewport();

  function note() {
    film.current?.pause(); // what is noted is about the frame that is seen
    setNoting(true);
  }

  function onKey(event: KeyboardEvent) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLElement && target.matches("input, select, textarea")) return;
    if (key === "ArrowLeft") previous?.();
    else if (key === "ArrowRight") next?.();
    else if (key === "n" || key === "ㅜ") note();
    else if (!viewport.onKey(key)) return;
    event.preventDefault();
  }

  const step = (label: string, go: (() => void) | undefined, icon: typeof ChevronLeft) => {
    const Icon = icon;
    return (
      <IconButton size="sm" label={label} onClick={go} why={go ? undefined : label}>
        <Icon />
      </IconButton>
    );
  };
  return (
    <Theatre
      open
      onClose={onClose}
      onKey={onKey}
      title={take.data ? <Title take={take.data} /> : t("shot.takes")}
      tools={
        <>
          {step(t("review.previous"), previous, ChevronLeft)}
          {step(t("review.next"), next, ChevronRight)}
          {take.data && (
            <a
              href={take.data.media.url}
              download={take.data.media.name}
              aria-label={t("review.download", { name: take.data.media.name })}
              title={t("review.download", { name: take.data.media.name })}
              className="inline-flex size-7 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink [&_svg]:size-4"
            >
              <Download />
            </a>
          )}
        </>
      }
    >
      {take.data ? (
        <Reviewed
          key={take.data.id}
          take={take.data}
          viewport={viewport}
          film={film}
          noting={noting}
          onNote={note}
          onNoted={() => setNoting(false)}
        />
      ) : take.isError ? (
        <Failed className="flex-1" error={take.error} onRetry={() => void take.refetch()} />
      ) : (
        <Loading className="flex-1" />
      )}
    </Theatre>
  );
}

function Title({ take }: { take: TakeView }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap items-center gap-3">
      <span className="timecode">
        {take.shot_code} {take.label}
      </span>
      <Badge tone={REVIEW_TONES[take.review]}>{t(`status.review.${take.review}`)}</Badge>
      {take.confirmed && <Chip>{t("review.confirmed")}</Chip>}
      {take.stale && (
        <span className="text-xs font-normal text-tone-warn" title={take.stale_reason}>
          {t("shots.stale")}
        </span>
      )}
    </span>
  );
}

interface ReviewedProps {
  take: TakeView;
  viewport: ReturnType<typeof useViewport>;
  film: RefObject<HTMLVideoElement | null>;
  noting: boolean;
  onNote: () => void;
  onNoted: () => void;
}

function Reviewed({ take, viewport, film, noting, onNote, onNoted }: ReviewedProps) {
  const { t } = useTranslation();
  const shot = useQuery(showShotOptions({ path: { id: take.shot_id } })).data;
  const notes = useNotes(take.shot_id, take.id);
  const [tool, setTool] = useState<Tool>("rectangle");
  const [regions, setRegions] = useState<readonly Region[]>([]);
  const [pointed, setPointed] = useState<string>();
  const isFilm = take.media.kind === "video";
  const fps = take.media.fps_num && take.media.fps_den ? take.media.fps_num / take.media.fps_den : 24;
  const frame = useFrame(film, fps);
  const isAway = (of: number | null) => isFilm && of !== null && Math.abs(of - frame) > fps / 2;
  const marks: Mark[] = notes.map((note, index) => ({
    number: index + 1,
    regions: note.regions,
    faint: note.resolved || noting || isAway(note.frame),
    strong: pointed === note.id,
  }));
  if (noting) marks.push({ number: notes.length + 1, regions, strong: true });

  const showFrame = (wanted: number) => film.current && holdAt(film.current, (wanted + 0.5) / fps);
  function end() {
    setRegions([]);
    onNoted();
  }

  return (
    <div className="flex min-h-0 flex-1 max-md:flex-col">
      <div className="relative min-h-0 min-w-0 flex-1">
        <Pane viewport={viewport} ratio={ratioOf(take)}>
          <TakeMedia take={take} video={film} />
          <Marks
            marks={marks}
            tool={noting && regions.length < MOST_REGIONS ? tool : undefined}
            onDrawn={(region) => setRegions([...regions, region])}
          />
        </Pane>
        {isFilm && !noting && <PlayButton film={film} />}
      </div>
      <aside className="w-full shrink-0 overflow-y-auto border-line px-4 py-4 max-md:h-1/2 max-md:border-t md:w-92 md:border-l">
        {shot && <TakeVerdict shot={shot} take={take} noting={noting} onNote={onNote} />}
        {noting && (
          <div className="mt-3">
            <NoteForm
              take={take}
              regions={regions}
              tool={tool}
              frame={isFilm ? frame : null}
              onTool={setTool}
              onRegions={setRegions}
              onCancel={end}
              onAdded={end}
            />
          </div>
        )}
        <Section title={t("review.notes")}>
          <Notes notes={notes} pointed={pointed} onPoint={setPointed} onFrame={showFrame} />
        </Section>
        {shot && (
          <Section title={t("review.again")}>
            <Regenerate shot={shot} take={take} notes={notes} />
          </Section>
        )}
        <Section title={t("recipe.title")}>
          <Recipe take={take} />
        </Section>
      </aside>
    </div>
  );
}

function holdAt(film: HTMLVideoElement, second: number): void {
  film.pause();
  film.currentTime = second;
}

/** The frame that a film shows: each one while it stands still, now and then while it plays. */
function useFrame(film: RefObject<HTMLVideoElement | null>, fps: number): number {
  const [frame, setFrame] = useState(0);
  useEffect(() => {
    const seen = film.current;
    if (seen === null) return;
    const look = () => setFrame(Math.floor(seen.currentTime * fps));
    const events = ["timeupdate", "pause", "seeked"];
    for (const name of events) seen.addEventListener(name, look);
    return () => {
      for (const name of events) seen.removeEventListener(name, look);
    };
  }, [film, fps]);
  return frame;
}

function PlayButton({ film }: { film: RefObject<HTMLVideoElement | null> }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="absolute bottom-3 left-3 rounded bg-black/70 px-3 py-1.5 text-xs text-white"
      onClick={() => void (film.current?.paused ? film.current.play() : film.current?.pause())}
    >
      {t("review.playPause")}
    </button>
  );
}
