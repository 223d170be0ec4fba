import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AdStyles } from "@/api";
import { ApiError } from "@/api/errors";
import { Switcher } from "@/ui/field";
import { type AdForm, letteringsOf, MOST_VARIANTS } from "./form";
import { PhotoField } from "./photo-field";
import { SizeChips } from "./size-chips";
import { StyleChips } from "./style-chips";
import { TextLook } from "./text-look";
import { WordsFields } from "./words-fields";

interface FormPanelProps {
  form: AdForm;
  styles: AdStyles;
  /** Why the master did not take it. */
  error: unknown;
  onChange: (changed: Partial<AdForm>) => void;
  onSubmit: () => void;
  /** Stays in sight at the bottom. */
  children: ReactNode;
}

const COUNTS = Array.from({ length: MOST_VARIANTS }, (_, index) => index + 1);

/** All that an ad is asked with, from the photo down to its sizes. */
export function FormPanel({ form, styles, error, onChange, onSubmit, children }: FormPanelProps) {
  const { t } = useTranslation("ads");
  const about = (field: string) => (error instanceof ApiError ? error.about(field) : undefined);
  const { variants } = form;
  return (
    <form
      aria-label={t("form.title")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      className="rounded-xl border border-line bg-surface"
    >
      <Step number={1} title={t("photo.title")}>
        <PhotoField
          photo={form.photo}
          error={about("product_image")}
          onPhoto={(photo) => onChange({ photo })}
        />
      </Step>
      <Step number={2} title={t("words.title")}>
        <WordsFields
          form={form}
          limit={styles.text_limit}
          errors={{ words: about("ad_text"), under: about("sub_text") }}
          onChange={onChange}
        />
      </Step>
      <Step number={3} title={t("background.title")}>
        <StyleChips
          kind="background"
          label={t("background.title")}
          styles={styles.backgrounds}
          value={form.backgrounds}
          variants={variants}
          onChange={(backgrounds) => onChange({ backgrounds })}
        />
      </Step>
      <Step number={4} title={t("lettering.title")}>
        <div className="mb-2.5">
          <Switcher
            label={t("solid.title")}
            value={form.solid ? "solid" : "designed"}
            onChoose={(value) => onChange(withSolid(value === "solid", styles))}
            choices={(["designed", "solid"] as const).map((value) => ({
              value,
              name: t(`solid.${value}`),
              label: t(`solid.${value}`),
            }))}
          />
        </div>
        <StyleChips
          key={String(form.solid)}
          kind={form.solid ? "solid" : "lettering"}
          label={t("lettering.title")}
          styles={letteringsOf(form.solid, styles)}
          value={form.letterings}
          variants={variants}
          onChange={(letterings) => onChange({ letterings })}
        />
        <div className="mt-3">
          <TextLook form={form} onChange={onChange} />
        </div>
      </Step>
      <Step number={5} title={t("sizes.title")} help={t("sizes.help")}>
        <SizeChips sizes={styles.sizes} value={form.sizes} onChange={(sizes) => onChange({ sizes })} />
      </Step>
      <Step number={6} title={t("variants.title")} help={t("variants.help")}>
        <Switcher
          label={t("variants.title")}
          value={String(variants)}
          onChoose={(value) => onChange(withVariants(form, Number(value)))}
          choices={COUNTS.map((count) => ({
            value: String(count),
            name: t("variants.count", { count }),
            label: t("variants.count", { count }),
          }))}
        />
        {variants > 1 && (
          <p className="mt-2 text-xs text-soft">{t("variants.choose", { count: variants })}</p>
        )}
      </Step>
      <div className="sticky bottom-0 grid gap-2 rounded-b-xl border-t border-line bg-surface/95 px-4 py-3 backdrop-blur">
        {children}
      </div>
    </form>
  );
}

const withVariants = ({ backgrounds, letterings }: AdForm, variants: number): Partial<AdForm> => ({
  variants,
  backgrounds: backgrounds.slice(0, variants),
  letterings: letterings.slice(0, variants),
});

const withSolid = (solid: boolean, styles: AdStyles): Partial<AdForm> => ({
  solid,
  letterings: letteringsOf(solid, styles)
    .slice(0, 1)
    .map(({ id }) => id),
});

function Step(props: { number: number; title: string; help?: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-4 py-4 last-of-type:border-b-0">
      <h2 className="mb-2.5 flex items-baseline gap-2 text-[0.8125rem] font-semibold">
        <span
          aria-hidden
          className="inline-flex size-5 shrink-0 items-center justify-center self-center rounded-full bg-raised text-2xs text-soft ring-1 ring-line"
        >
          {props.number}
        </span>
        {props.title}
        {props.help && <span className="text-xs font-normal text-faint">{props.help}</span>}
      </h2>
      {props.children}
    </section>
  );
}
