import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type CinematicView,
  listShotsOfCinematicOptionOptions,
  type PresetKind,
  type ProjectView,
} from "@/api";
import { assemble, type PromptBible } from "@/lib/prompt/assemble";
import { Section } from "@/ui/heading";
import { PromptText } from "@/ui/prompt-text";
import { Still } from "./drawings/still";
import { useEditing } from "./editing";
import { EditorHead } from "./editor-head";
import { FieldRail } from "./field-rail";
import { LeaveDialog } from "./leave-dialog";
import type { Library } from "./library";
import { pictureOf } from "./picture";
import { Pickers } from "./pickers";
import { StaleNotice } from "./stale-notice";
import type { Draft } from "./values";
import { WhereUsed } from "./where-used";
import type { OptionWrites } from "./writes";

interface OptionEditorProps {
  project: ProjectView;
  option: CinematicView;
  library: Library;
  bible: PromptBible;
  writes: OptionWrites;
  onDuplicate: (fields: Draft) => void;
  onClose: () => void;
}

/** One option: its fields, the presets to fill them, and what becomes of it at once. */
export function OptionEditor(props: OptionEditorProps) {
  const { project, option, library, bible, writes, onDuplicate, onClose } = props;
  const { t } = useTranslation();
  const [active, setActive] = useState<PresetKind>("camera_body");
  const said = useCallback((name: string) => toast.success(t("cinematic.saved", { name })), [t]);
  const editing = useEditing(option, writes, said);
  const { draft, change, torn } = editing;
  const { book } = library;
  const used = useQuery(listShotsOfCinematicOptionOptions({ path: { id: option.id } })).data;
  const prompt = useMemo(() => {
    const drafted = new Map([[option.id, { ...option, ...draft }]]);
    const shot = { scene_description: "", action: "", cinematic_option_id: option.id, characters: [] };
    return assemble(shot, { ...bible, options: drafted });
  }, [bible, option, draft]);
  const drawn = useDeferredValue(draft); // the prompt first, drawings after it
  const picture = useMemo(() => pictureOf(drawn, book), [drawn, book]);

  return (
    <div className="flex flex-col lg:h-[calc(100dvh-5.5rem)] lg:min-h-120">
      <EditorHead
        editing={editing}
        used={used?.total}
        onClose={onClose}
        onDuplicate={() => onDuplicate(draft)}
        onDelete={() => writes.remove.mutate(option, { onSuccess: onClose })}
      />
      <div className="flex min-h-0 flex-1 flex-col lg:grid lg:grid-cols-[15rem_minmax(0,1fr)_20rem] xl:grid-cols-[16rem_minmax(0,1fr)_24rem]">
        <FieldRail draft={drawn} book={book} active={active} onActivate={setActive} />
        <div className="flex min-h-0 flex-col max-lg:order-last lg:overflow-y-auto">
          {torn.length > 0 && (
            <div className="px-5 pt-4">
              <StaleNotice
                fields={torn}
                mine={draft}
                theirs={editing.now}
                book={book}
                busy={editing.saving}
                onMine={() => void editing.save()}
                onTheirs={editing.takeTheirs}
              />
            </div>
          )}
          <Pickers library={library} draft={draft} active={active} onActivate={setActive} onChange={change} />
        </div>
        <aside
          aria-label={t("cinematic.prompt")}
          className="border-line p-5 max-lg:grid max-lg:grid-cols-[18rem_minmax(0,1fr)] max-lg:gap-5 max-lg:border-b lg:overflow-y-auto lg:border-l"
        >
          <div>
            <div className="overflow-hidden rounded-lg border border-line bg-sunken p-2">
              <Still picture={picture} className="block w-full" />
            </div>
            <p className="mt-1.5 h-4 text-right text-2xs text-faint">
              {picture.focal_mm !== undefined && t("cinematic.angle", { angle: picture.angle.toFixed(0) })}
            </p>
          </div>
          <div className="lg:mt-3">
            <Section title={t("cinematic.prompt")}>
              <PromptText prompt={prompt} separator={bible.template.separator} faded={false} />
            </Section>
            <Section
              title={
                <>
                  {t("cinematic.used")}
                  {used !== undefined && <span className="ml-1.5 font-normal text-faint">{used.total}</span>}
                </>
              }
            >
              {used && <WhereUsed project={project.code} shots={used} />}
            </Section>
          </div>
        </aside>
      </div>
      <LeaveDialog dirty={editing.dirty} option={option.id} save={editing.save} blocked={torn.length > 0} />
    </div>
  );
}
