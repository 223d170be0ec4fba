import { RotateCcw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CharacterView, CinematicView, ShotView } from "@/api";
import { assemble, type PromptBible } from "@/lib/prompt/assemble";
import { Chip } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Select, TextArea } from "@/ui/field";
import { Section } from "@/ui/heading";
import { CastPicker } from "./cast-picker";
import { PromptText } from "@/ui/prompt-text";

interface PromptPanelProps {
  shot: ShotView;
  bible: PromptBible;
  characters: readonly CharacterView[];
  options: readonly CinematicView[];
  /** What is written, and what the eye sees at once. */
  onWrite: (send: Record<string, unknown>, show: Partial<ShotView>) => void;
}

/** What the shot's picture is made from: cast, camera, and the prompt that follows each choice at once. */
export function PromptPanel({ shot, bible, characters, options, onWrite }: PromptPanelProps) {
  const { t } = useTranslation();
  const prompt = assemble(shot, bible);
  const overridden = shot.prompt_override !== null;
  const [writing, setWriting] = useState(false);
  return (
    <>
      <Section title={t("prompt.cast")}>
        <CastPicker
          cast={shot.characters}
          characters={characters}
          onCast={(cast) => {
            const sent = cast.map(({ character_id, look_id }) => ({ character_id, look_id }));
            onWrite({ characters: sent }, { characters: cast });
          }}
        />
      </Section>
      <Section title={t("prompt.camera")}>
        <Select
          aria-label={t("prompt.camera")}
          value={shot.cinematic_option_id ?? ""}
          onChange={(event) => {
            const option = options.find(({ id }) => id === event.target.value);
            const id = option?.id ?? null;
            onWrite(
              { cinematic_option_id: id },
              { cinematic_option_id: id, cinematic_option: option?.name ?? "" },
            );
          }}
        >
          <option value="">{t("prompt.noCamera")}</option>
          {options.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Section>
      <Section
        title={t("shot.prompt")}
        tools={<Chip>{t(overridden ? "shot.promptOverride" : "shot.promptGenerated")}</Chip>}
      >
        <PromptText prompt={prompt} separator={bible.template.separator} faded={overridden} />
        {overridden || writing ? (
          <div className="mt-3 flex flex-col gap-2">
            <Kept
              label={t("prompt.own")}
              text={shot.prompt_override ?? prompt.text}
              onKeep={(text) => {
                setWriting(false);
                const own = text.trim() || null;
                onWrite({ prompt_override: own }, { prompt_override: own, prompt_overridden: own !== null });
              }}
            />
            {overridden && (
              <Button
                size="sm"
                look="quiet"
                className="self-start"
                icon={<RotateCcw />}
                onClick={() =>
                  onWrite({ prompt_override: null }, { prompt_override: null, prompt_overridden: false })
                }
              >
                {t("prompt.backToAssembled")}
              </Button>
            )}
          </div>
        ) : (
          <Button size="sm" look="quiet" className="mt-2" onClick={() => setWriting(true)}>
            {t("prompt.writeOwn")}
          </Button>
        )}
      </Section>
      <div className="mt-6">
        <Kept
          label={t("shot.negative")}
          text={shot.negative_prompt}
          onKeep={(text) => onWrite({ negative_prompt: text.trim() }, { negative_prompt: text.trim() })}
        />
      </div>
    </>
  );
}

/** A text that is written when one leaves it, also when it goes with the drawer: a removed field tells no blur. */
function Kept({ label, text, onKeep }: { label: string; text: string; onKeep: (text: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const unkept = useRef<string>(undefined);
  const type = (now: string | undefined) => {
    unkept.current = now;
    setTyped(now);
  };
  const keep = () => {
    const now = unkept.current;
    type(undefined);
    if (now !== undefined && now !== text) onKeep(now);
  };
  const leave = useRef(keep);
  useEffect(() => {
    leave.current = keep;
  });
  useEffect(() => () => leave.current(), []);
  return (
    <Field label={label}>
      {(ids) => (
        <TextArea
          {...ids}
          value={typed ?? text}
          maxLength={8000}
          onChange={(event) => type(event.target.value)}
          onBlur={keep}
        />
      )}
    </Field>
  );
}
