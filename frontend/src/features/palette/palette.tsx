import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Clapperboard, Film, Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { listProjectsOptions, listShotsOptions } from "@/api";
import { getChoseong } from "es-hangul";
import { giveBack, keepOrigin } from "@/ui/focus";

/** Something that can be done, or a place to go. */
export interface PaletteItem {
  key: string;
  name: string;
  icon: ReactNode;
  run: () => void;
}

export interface PaletteGroup {
  name: string;
  items: readonly PaletteItem[];
}

interface PaletteProps {
  /** What the page around offers: rooms, actions. */
  groups: readonly PaletteGroup[];
  /** The project whose shots are found. */
  project: string | undefined;
  onProject: (code: string) => void;
  onShot: (code: string) => void;
  onClose: () => void;
}

const ITEM =
  "flex cursor-pointer items-center gap-2.5 rounded-md px-3 py-2 text-[0.8125rem] outline-none " +
  "data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint";
const GROUP =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 " +
  "[&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-faint";
const MOST_SHOTS = 8;

/** How well a name fits what is typed; initial consonants (ㅁㅁㅈ) find Korean names too. */
function fit(name: string, query: string): number {
  const text = name.toLocaleLowerCase();
  const wanted = query.normalize("NFC").toLocaleLowerCase().trim();
  if (text.startsWith(wanted)) return 1;
  if (text.includes(wanted)) return 0.7;
  return /^[ㄱ-ㅎ]+$/.test(wanted) && getChoseong(text).replaceAll(" ", "").includes(wanted) ? 0.5 : 0;
}

/** Everything by its name: projects, rooms, shots and actions. */
export function Palette({ groups, project, onProject, onShot, onClose }: PaletteProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const projects = useQuery(listProjectsOptions());
  const wanted = query.trim();
  const shots = useQuery({
    ...listShotsOptions({ path: { code: project ?? "" }, query: { q: wanted, limit: MOST_SHOTS } }),
    enabled: project !== undefined && wanted.length > 1,
    placeholderData: keepPreviousData,
  });
  const run = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/45" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={keepOrigin}
          onCloseAutoFocus={giveBack}
          className="fixed top-[14vh] left-1/2 z-50 w-full max-w-xl -translate-x-1/2 animate-rise rounded-xl border border-line bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <Command label={t("palette.title")} filter={fit} loop>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search className="size-4 text-faint" aria-hidden />
              <Command.Input
                value={query}
                onValueChange={setQuery}
                placeholder={t("palette.placeholder")}
                className="h-12 flex-1 bg-transparent text-[0.9375rem] outline-none placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-[52vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-soft">
                {t("palette.nothing")}
              </Command.Empty>
              {groups.map(({ name, items }) => (
                <Command.Group key={name} heading={name} className={GROUP}>
                  {items.map((item) => (
                    <Command.Item key={item.key} value={item.name} onSelect={run(item.run)} className={ITEM}>
                      {item.icon}
                      {item.name}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
              <Command.Group heading={t("app.projects")} className={GROUP}>
                {projects.data?.rows.map(({ code, name }) => (
                  <Command.Item
                    key={code}
                    value={`${name} ${code}`}
                    onSelect={run(() => onProject(code))}
                    className={ITEM}
                  >
                    <Clapperboard aria-hidden />
                    {name}
                    <span className="timecode ml-auto text-xs text-faint">{code}</span>
                  </Command.Item>
                ))}
              </Command.Group>
              {wanted.length > 1 && shots.data && shots.data.rows.length > 0 && (
                <Command.Group forceMount heading={t("shots.title")} className={GROUP}>
                  {shots.data.rows.map((shot) => (
                    <Command.Item
                      key={shot.id}
                      forceMount
                      value={shot.id}
                      onSelect={run(() => onShot(shot.code))}
                      className={ITEM}
                    >
                      <Film aria-hidden />
                      <span className="timecode">{shot.code}</span>
                      <span className="min-w-0 truncate text-xs text-soft">
                        {shot.scene_description || shot.action}
                      </span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
