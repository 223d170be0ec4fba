import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Clapperboard, Cpu, Gauge, ListVideo, Megaphone, Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useConnection } from "@/api/live/provider";
import { chooseLanguage, LANGUAGES, type Language, useLanguage } from "@/i18n";
import { chooseTheme, type Theme, THEMES, useTheme } from "@/lib/theme";
import { IconButton } from "@/ui/button";
import { Switcher } from "@/ui/field";
import { Menu, MenuChoices } from "@/ui/menu";
import { TAB } from "@/ui/tabs";
import { PersonChip } from "./person-chip";

/** On a narrow screen only the sign is seen; the word is still read aloud. */
const WORD = "max-sm:sr-only";

export function TopBar() {
  const { t } = useTranslation();
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-paper/92 backdrop-blur">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:bg-raised focus:px-3 focus:py-1"
      >
        {t("app.skip")}
      </a>
      <div className="flex h-12 items-center gap-4 px-5 lg:px-8">
        <Link to="/" className="flex items-center gap-2 text-[0.9375rem] font-bold tracking-tight">
          <Mark />
          <span className={WORD}>{t("app.name")}</span>
        </Link>
        <nav aria-label={t("app.nav")} className="flex h-full min-w-0 items-stretch overflow-x-auto">
          <Link to="/" activeOptions={{ exact: true }} className={TAB}>
            <Clapperboard aria-hidden />
            <span className={WORD}>{t("app.projects")}</span>
          </Link>
          <Link to="/ads" className={TAB}>
            <Megaphone aria-hidden />
            <span className={WORD}>{t("app.ads")}</span>
          </Link>
          <Link to="/jobs" className={TAB} activeOptions={{ includeSearch: false }}>
            <ListVideo aria-hidden />
            <span className={WORD}>{t("app.jobs")}</span>
          </Link>
          <Link to="/workers" className={TAB}>
            <Cpu aria-hidden />
            <span className={WORD}>{t("app.workers")}</span>
          </Link>
          <Link to="/farm" className={TAB} activeOptions={{ includeSearch: false }}>
            <Gauge aria-hidden />
            <span className={WORD}>{t("app.farm")}</span>
          </Link>
        </nav>
        <div className="ml-auto flex shrink-0 items-center gap-2">
          <ConnectionChip />
          <PersonChip />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-5 text-accent"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      aria-hidden
    >
      <rect x="2.5" y="5" width="19" height="14" rx="2" />
      <path d="M2.5 15.5l5-4 4 3 5.5-5 4.5 3.5" strokeLinejoin="round" />
    </svg>
  );
}

function ConnectionChip() {
  const { t } = useTranslation();
  const connection = useConnection();
  const live = connection === "live";
  return (
    <span
      role="status"
      className={clsx(
        "flex items-center gap-1.5 rounded-full text-xs",
        live ? "text-faint" : "border border-line bg-raised px-2 py-0.5 text-tone-warn",
      )}
    >
      <span
        aria-hidden
        className={clsx("size-1.5 rounded-full", live ? "bg-tone-good" : "animate-pulse bg-tone-warn")}
      />
      <span className={clsx(live && "sr-only")}>{t(`connection.${connection}`)}</span>
    </span>
  );
}

const SHORT: Record<Language, string> = { ko: "한", en: "EN" };

function LanguageSwitch() {
  const { t } = useTranslation();
  const choices = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
    value,
    name: LANGUAGES[value],
    label: SHORT[value],
  }));
  return (
    <Switcher
      label={t("app.language")}
      choices={choices}
      value={useLanguage()}
      onChoose={(language) => void chooseLanguage(language)}
    />
  );
}

const THEME_ICONS: Record<Theme, typeof Sun> = { system: Monitor, dark: Moon, light: Sun };

function ThemeSwitch() {
  const { t } = useTranslation();
  const theme = useTheme();
  const Icon = THEME_ICONS[theme];
  return (
    <Menu
      trigger={
        <IconButton label={t("app.theme")}>
          <Icon />
        </IconButton>
      }
    >
      <MenuChoices
        value={theme}
        onChoose={chooseTheme}
        choices={THEMES.map((value) => ({ value, label: t(`app.themes.${value}`) }))}
      />
    </Menu>
  );
}
