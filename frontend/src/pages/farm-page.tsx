import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Cpu } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { showOverviewOptions } from "@/api";
import { Failures } from "@/features/farm/failures";
import { Figures } from "@/features/farm/figures";
import { ThroughputChart } from "@/features/farm/throughput-chart";
import { WaitingList } from "@/features/farm/waiting-list";
import { Switcher } from "@/ui/field";
import { useFarmTexts } from "@/i18n/farm";
import { PageHead } from "@/ui/heading";
import { Page } from "@/ui/page";
import { Empty, Failed, Loading } from "@/ui/states";
import { type FarmSearch, PERIODS } from "./search";

const route = getRouteApi("/farm");
const MINUTE_MS = 60_000;

export function FarmPage() {
  return <Page>{useFarmTexts() ? <Overview /> : <Loading />}</Page>;
}

/** How the farm does: events bring it up to date, and a new minute begins without any. */
function Overview() {
  const { t } = useTranslation(["farm", "translation"]);
  const search: FarmSearch = route.useSearch();
  const period = search.period ?? "hour";
  const navigate = useNavigate();
  const overview = useQuery({
    ...showOverviewOptions({ query: { period } }),
    placeholderData: keepPreviousData,
    refetchInterval: MINUTE_MS,
  });
  const farm = overview.data;
  return (
    <>
      <PageHead title={t("title")} facts={<p className="mt-1 min-h-5 text-xs text-soft">{t("help")}</p>}>
        <Link to="/workflows" className="text-[0.8125rem] text-accent underline-offset-4 hover:underline">
          {t("generate.workflow", { ns: "translation" })}
        </Link>
        <Switcher
          label={t("period")}
          value={period}
          onChoose={(chosen) =>
            void navigate({ to: "/farm", search: chosen === "hour" ? {} : { period: chosen }, replace: true })
          }
          choices={PERIODS.map((value) => ({
            value,
            name: t(`periods.${value}`),
            label: t(`periods.${value}`),
          }))}
        />
      </PageHead>
      {overview.isPending && <Loading />}
      {overview.isError && <Failed error={overview.error} onRetry={() => void overview.refetch()} />}
      {farm && (
        <div className="mt-5 grid gap-4">
          {farm.devices.length === 0 && (
            <Empty
              icon={<Cpu />}
              title={t("noDevices")}
              help={t("noDevicesHelp")}
              className="rounded-xl border border-line bg-surface"
            >
              <Link to="/workers" className="text-accent underline-offset-4 hover:underline">
                {t("toWorkers")}
              </Link>
            </Empty>
          )}
          <Figures farm={farm} />
          <Panel title={t("throughput")}>
            <div className="px-3 py-2.5">
              <ThroughputChart shown={farm} />
            </div>
          </Panel>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Panel title={t("waiting")}>
              <WaitingList waiting={farm.waiting} />
            </Panel>
            <Panel title={t("failures")}>
              <Failures farm={farm} />
            </Panel>
          </div>
        </div>
      )}
    </>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0 rounded-xl border border-line bg-surface">
      <h2 className="border-b border-line px-4 py-2.5 text-xs font-semibold text-soft">{title}</h2>
      {children}
    </section>
  );
}
