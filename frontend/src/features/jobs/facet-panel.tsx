import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Facets, listFacetsOptions } from "@/api";
import { JOB_STATUSES, JOB_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { Badge } from "@/ui/badge";

export type Facet = keyof Facets;
export type Chosen = Partial<Record<Facet, string>>;
const FACETS: readonly Facet[] = ["status", "project", "user", "workflow", "worker"];

interface FacetPanelProps {
  chosen: Chosen;
  batch: string | undefined;
  onChoose: (facet: Facet, value: string | undefined) => void;
}

/** How many jobs there are of each kind; a choice filters the list. */
export function FacetPanel({ chosen, batch, onChoose }: FacetPanelProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const status = JOB_STATUSES.find((known) => known === chosen.status);
  const { data } = useQuery({
    ...listFacetsOptions({
      query: {
        ...(status && { status: [status] }),
        ...(chosen.project && { project: chosen.project }),
        ...(chosen.user && { user: chosen.user }),
        ...(chosen.workflow && { workflow: chosen.workflow }),
        ...(chosen.worker && { worker: chosen.worker }),
        ...(batch && { batch }),
      },
    }),
    placeholderData: (before) => before,
  });
  return (
    <nav
      aria-label={t("jobs.facets")}
      className="grid content-start gap-4 max-lg:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]"
    >
      {FACETS.map((facet) => (
        <section key={facet}>
          <h2 className="mb-1 px-2 text-2xs font-semibold text-faint">{t(`jobs.facet.${facet}`)}</h2>
          <ul className="max-h-52 overflow-y-auto">
            {(data?.[facet] ?? []).map(({ value, count }) => (
              <li key={value}>
                <button
                  type="button"
                  aria-pressed={chosen[facet] === value}
                  onClick={() => onChoose(facet, chosen[facet] === value ? undefined : value)}
                  className="flex w-full items-center gap-2 rounded px-2 py-1 text-left text-xs text-soft hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent"
                >
                  <span className="min-w-0 flex-1 truncate">
                    <Name facet={facet} value={value} />
                  </span>
                  <span className="text-faint tabular-nums">{count.toLocaleString(language)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Name({ facet, value }: { facet: Facet; value: string }) {
  const { t } = useTranslation();
  const status = facet === "status" && JOB_STATUSES.find((known) => known === value);
  return status ? <Badge tone={JOB_TONES[status]}>{t(`status.job.${status}`)}</Badge> : value;
}
