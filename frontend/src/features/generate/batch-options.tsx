import { useTranslation } from "react-i18next";
import type { WorkflowView } from "@/api";
import { Check, Field, Input } from "@/ui/field";
import type { Kept } from "./remembered";
import { ANIMATIC, CONTACT_SHEET, isOfImages } from "./request";

interface BatchOptionsProps {
  workflow: WorkflowView;
  kept: Kept;
  runs: (workflow: string) => boolean;
  onChange: (kept: Kept) => void;
}

const MOST_TAKES = 16;
const MOST_PRIORITY = 100;

/** How many, how soon, and what is made of them afterwards. */
export function BatchOptions({ workflow, kept, runs, onChange }: BatchOptionsProps) {
  const { t } = useTranslation();
  const change = (changed: Partial<Kept>) => onChange({ ...kept, ...changed });
  const number = (
    label: string,
    help: string,
    value: number,
    [low, high]: [number, number],
    put: (n: number) => void,
  ) => (
    <Field label={label} help={help}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={low}
          max={high}
          value={value}
          onChange={({ target }) => {
            const read = target.valueAsNumber;
            if (Number.isInteger(read)) put(Math.min(high, Math.max(low, read)));
          }}
        />
      )}
    </Field>
  );
  const follow = (name: string, help: string) => (runs(name) ? help : t("generate.unavailable"));
  return (
    <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3.5 border-t border-line pt-4 md:grid-cols-3">
      {number(t("generate.takes"), t("generate.takesHelp"), kept.takes, [1, MOST_TAKES], (takes) =>
        change({ takes }),
      )}
      {number(
        t("generate.priority"),
        t("generate.priorityHelp"),
        kept.priority,
        [0, MOST_PRIORITY],
        (priority) => change({ priority }),
      )}
      <Check
        className="self-center"
        label={t("generate.previewFirst")}
        help={t("generate.previewFirstHelp")}
        checked={kept.previewFirst}
        onChange={(event) => change({ previewFirst: event.target.checked })}
      />
      {isOfImages(workflow) && (
        <>
          <Check
            label={t("generate.animatic")}
            help={follow(ANIMATIC, t("generate.animaticHelp"))}
            disabled={!runs(ANIMATIC)}
            checked={kept.animatic}
            onChange={(event) => change({ animatic: event.target.checked })}
          />
          <Check
            label={t("generate.contactSheet")}
            help={follow(CONTACT_SHEET, t("generate.contactSheetHelp"))}
            disabled={!runs(CONTACT_SHEET)}
            checked={kept.contactSheet}
            onChange={(event) => change({ contactSheet: event.target.checked })}
          />
        </>
      )}
    </div>
  );
}
