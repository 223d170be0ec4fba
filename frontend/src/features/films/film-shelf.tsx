import { Download, Film, FileText, Image } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JobView, OutputView } from "@/api";
import { useJobProgress } from "@/api/live/progress";
import { ACTIVE } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { Bar } from "@/ui/progress";
import { Empty } from "@/ui/states";
import { useNewest } from "./newest";

const LINK =
  "inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2 text-xs hover:border-line-strong hover:bg-hover [&_svg]:size-3.5";

interface FilmShelfProps {
  project: string;
  aspect: string;
}

/** What the shots became: the animatic, to play here, and the contact sheet. */
export function FilmShelf({ project, aspect }: FilmShelfProps) {
  const { t } = useTranslation();
  const animatic = useNewest(project, "image_to_video/animatic");
  const sheet = useNewest(project, "video_utils/contact_sheet");
  if (!animatic.done && !animatic.pending && !sheet.done && !sheet.pending)
    return <Empty icon={<Film />} title={t("films.empty")} help={t("films.emptyHelp")} />;
  return (
    <section
      aria-label={t("films.title")}
      className="mt-6 grid gap-4 md:grid-cols-[fit-content(60%)_minmax(0,1fr)]"
    >
      <Item icon={<Film />} title={t("films.animatic")} {...animatic}>
        {animatic.done && (
          <Player outputs={animatic.done.outputs} aspect={aspect} title={t("films.animatic")} />
        )}
      </Item>
      <Item icon={<Image />} title={t("films.contactSheet")} {...sheet}>
        {sheet.done && <Sheet outputs={sheet.done.outputs} />}
      </Item>
    </section>
  );
}

interface ItemProps extends ReturnType<typeof useNewest> {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}

function Item({ icon, title, done, pending, children }: ItemProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!done && !pending) return null;
  return (
    <article className="flex min-w-72 flex-col rounded-xl border border-line bg-surface p-3">
      <header className="mb-2.5 flex items-center gap-2 px-1 [&>svg]:size-4 [&>svg]:text-accent">
        {icon}
        <h2 className="text-[0.8125rem] font-semibold">{title}</h2>
        {done?.finished_at && (
          <span className="ml-auto text-xs text-faint">
            {t("films.made", { time: formatTime(done.finished_at, language) })}
          </span>
        )}
      </header>
      {children}
      {pending && <Pending job={pending} title={title} />}
    </article>
  );
}

function Pending({ job, title }: { job: JobView; title: string }) {
  const { t } = useTranslation();
  const told = useJobProgress(job.id);
  if (job.status === "failed") {
    return <p className="px-1 pt-2 text-xs text-tone-bad">{t("films.failed", { message: job.message })}</p>;
  }
  const active = ACTIVE.has(job.status);
  return (
    <div className="px-1 pt-2.5 text-xs text-soft">
      <p className="mb-1.5">{active ? told?.message || t("films.making") : t("films.waits")}</p>
      <Bar value={active ? (told?.fraction ?? job.progress) : 0} label={title} />
    </div>
  );
}

const main = (outputs: readonly OutputView[], kind: OutputView["kind"]): OutputView | undefined =>
  outputs.find((output) => output.kind === kind && output.role !== "thumbnail");

function Player({
  outputs,
  aspect,
  title,
}: {
  outputs: readonly OutputView[];
  aspect: string;
  title: string;
}) {
  const { t } = useTranslation();
  const film = main(outputs, "video");
  if (film === undefined) return null;
  const poster = outputs.find(({ kind, role }) => kind === "image" && role === "thumbnail");
  return (
    <>
      <video
        key={film.media_id}
        src={film.url}
        poster={poster?.url}
        aria-label={title}
        controls
        playsInline
        preload="metadata"
        className="max-w-full animate-appear rounded-md bg-black md:h-80"
        style={{ aspectRatio: aspect }}
      />
      <div className="mt-2.5 flex gap-2">
        <a href={film.url} download={film.name} className={LINK}>
          <Download aria-hidden />
          {t("films.download")} <span className="text-faint">{film.name}</span>
        </a>
      </div>
    </>
  );
}

function Sheet({ outputs }: { outputs: readonly OutputView[] }) {
  const { t } = useTranslation();
  const picture = main(outputs, "image");
  const pdf = main(outputs, "document");
  return (
    <>
      {picture && (
        <a
          href={picture.url}
          target="_blank"
          rel="noreferrer"
          className="relative block min-h-40 flex-1 overflow-hidden rounded-md bg-sunken"
        >
          <img
            src={picture.url}
            alt={t("films.contactSheet")}
            className="absolute inset-0 size-full animate-appear object-contain p-3"
          />
        </a>
      )}
      <div className="mt-2.5 flex gap-2">
        {picture && (
          <a href={picture.url} target="_blank" rel="noreferrer" className={LINK}>
            <Image aria-hidden />
            {t("films.openImage")}
          </a>
        )}
        {pdf && (
          <a href={pdf.url} target="_blank" rel="noreferrer" className={LINK}>
            <FileText aria-hidden />
            {t("films.openPdf")}
          </a>
        )}
      </div>
    </>
  );
}
