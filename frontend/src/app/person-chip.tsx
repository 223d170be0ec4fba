import { useState } from "react";
import { useTranslation } from "react-i18next";
import { choosePersonName, MOST_NAME, nameProblem, usePersonName } from "@/lib/person";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Popover } from "@/ui/popover";

/** The name by which others see who sits here, and where it is chosen. */
export function PersonChip() {
  const { t } = useTranslation();
  const name = usePersonName();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={t("app.person.title")}
      open={open}
      onOpen={setOpen}
      trigger={
        <button
          type="button"
          aria-label={t("app.person.label", { name })}
          title={t("app.person.label", { name })}
          className="grid size-7 place-items-center rounded-full border border-line bg-raised text-2xs font-bold text-soft hover:border-line-strong hover:text-ink"
        >
          {[...name].slice(0, 2).join("")}
        </button>
      }
    >
      <NameForm name={name} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function NameForm({ name, onDone }: { name: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const [tried, setTried] = useState(false);
  const problem = nameProblem(text);
  const shown = tried || problem === "tooLong" ? problem : undefined;
  return (
    <form
      className="flex w-64 flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problem !== undefined) return;
        choosePersonName(text);
        onDone();
      }}
    >
      <Field
        label={t("app.person.title")}
        help={t("app.person.help")}
        error={shown && t(`app.person.problem.${shown}`, { most: MOST_NAME })}
      >
        {(ids) => (
          <Input
            {...ids}
            value={text}
            autoComplete="nickname"
            onFocus={(event) => event.target.select()}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" size="sm">
        {t("app.person.save")}
      </Button>
    </form>
  );
}
