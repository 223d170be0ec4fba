import { useNavigate, useParams } from "@tanstack/react-router";
import { Cpu, Gauge, Keyboard, Languages, ListVideo, Megaphone, Moon, Sun } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, useLanguage } from "@/i18n";
import { chooseTheme } from "@/lib/theme";
import { ROOMS } from "@/pages/project/rooms";

const Palette = lazy(() =>
  import("@/features/palette/palette").then(({ Palette }) => ({ default: Palette })),
);
const ShortcutsDialog = lazy(() =>
  import("@/features/shortcuts/shortcuts-dialog").then(({ ShortcutsDialog }) => ({
    default: ShortcutsDialog,
  })),
);

/** A key pressed while one writes is text. */
const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches("input, textarea, select, [contenteditable]") &&
  !target.matches("[data-cell-input]");

/** The keys that work on every page: the palette, and the sheet that lists all keys. */
export function Keys() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const language = useLanguage();
  const { code } = useParams({ strict: false });
  const [open, setOpen] = useState<"palette" | "shortcuts">();

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
      } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !isWriting(event.target)) {
        event.preventDefault();
        event.stopPropagation();
        setOpen("shortcuts");
      }
    };
    globalThis.addEventListener("keydown", pressed, true);
    return () => globalThis.removeEventListener("keydown", pressed, true);
  }, []);

  const close = () => setOpen(undefined);
  const rooms = code
    ? ROOMS.map(({ to, name, Icon }) => ({
        key: to,
        name: t(name),
        icon: <Icon aria-hidden />,
        run: () => void navigate({ to, params: { code } }),
      }))
    : [];
  const actions = [
    {
      key: "ads",
      name: t("app.ads"),
      icon: <Megaphone aria-hidden />,
      run: () => void navigate({ to: "/ads" }),
    },
    {
      key: "jobs",
      name: t("app.jobs"),
      icon: <ListVideo aria-hidden />,
      run: () => void navigate({ to: "/jobs", search: {} }),
    },
    {
      key: "workers",
      name: t("app.workers"),
      icon: <Cpu aria-hidden />,
      run: () => void navigate({ to: "/workers" }),
    },
    {
      key: "farm",
      name: t("app.farm"),
      icon: <Gauge aria-hidden />,
      run: () => void navigate({ to: "/farm" }),
    },
    { key: "dark", name: t("palette.dark"), icon: <Moon aria-hidden />, run: () => chooseTheme("dark") },
    { key: "light", name: t("palette.light"), icon: <Sun aria-hidden />, run: () => chooseTheme("light") },
    {
      key: "language",
      name: t("palette.language"),
      icon: <Languages aria-hidden />,
      run: () => void chooseLanguage(language === "ko" ? "en" : "ko"),
    },
    {
      key: "shortcuts",
      name: t("shortcuts.title"),
      icon: <Keyboard aria-hidden />,
      run: () => setOpen("shortcuts"),
    },
  ];
  return (
    <Suspense>
      {open === "palette" && (
        <Palette
          project={code}
          groups={[
            ...(rooms.length > 0 ? [{ name: t("palette.rooms"), items: rooms }] : []),
            { name: t("palette.actions"), items: actions },
          ]}
          onProject={(chosen) => void navigate({ to: "/projects/$code", params: { code: chosen } })}
          onShot={(shot) =>
            code && void navigate({ to: "/projects/$code", params: { code }, search: { shot } })
          }
          onClose={close}
        />
      )}
      {open === "shortcuts" && <ShortcutsDialog onClose={close} />}
    </Suspense>
  );
}
