import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listWorkflowsOptions, type TakeView } from "@/api";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { CopyLine } from "@/ui/copy-line";
import { Fact } from "@/ui/heading";

const APART = new Set(["prompt", "negative_prompt", "seed", "width", "height"]);
const say = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const isSaid = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

/** What a take was made from. */
export function Recipe({ take }: { take: TakeView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { recipe, media } = take;
  const workflows = useQuery(listWorkflowsOptions()).data?.rows;
  const workflow = workflows?.find(({ name }) => name === recipe["workflow"]);
  const parameters = Object.entries((recipe["parameters"] ?? {}) as Record<string, unknown>).filter(
    ([name, value]) => !APART.has(name) && isSaid(value),
  );
  const size = media.width && media.height ? `${media.width}×${media.height}` : "";
  const length = media.frames && media.frames > 1 ? ` · ${media.frames}f` : "";
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
      <Fact label={t("recipe.workflow")}>
        {workflow?.title[language] ?? say(recipe["workflow"] ?? t("recipe.unknown"))}
        {isSaid(recipe["workflow_version"]) && (
          <span className="text-xs text-faint"> v{say(recipe["workflow_version"])}</span>
        )}
      </Fact>
      <Fact label={t("recipe.seed")}>
        <span className="timecode">{isSaid(recipe["seed"]) ? say(recipe["seed"]) : t("recipe.unknown")}</span>
      </Fact>
      <Fact label={t("recipe.size")}>
        <span className="timecode">
          {size}
          {length}
        </span>
      </Fact>
      <Fact label={t("recipe.made")}>{formatTime(take.created_at, language)}</Fact>
      {["engine", "model", "variant"].map(
        (name) =>
          isSaid(recipe[name]) && (
            <Fact key={name} label={t(`recipe.${name as "engine" | "model" | "variant"}`)}>
              {say(recipe[name])}
            </Fact>
          ),
      )}
      {parameters.map(([name, value]) => {
        const known = workflow?.parameters[name];
        const option = known?.type === "choice" ? known.options[say(value)] : undefined;
        const shown =
          option?.[language] ??
          (typeof value === "boolean" ? t(value ? "recipe.yes" : "recipe.no") : say(value));
        return (
          <Fact key={name} label={known?.label[language] ?? name} wide={shown.length > 40}>
            {shown}
          </Fact>
        );
      })}
      {isSaid(recipe["prompt"]) && (
        <div className="col-span-2">
          <dt className="mb-1 text-2xs text-faint">{t("recipe.prompt")}</dt>
          <dd>
            <CopyLine text={say(recipe["prompt"])} />
          </dd>
        </div>
      )}
    </dl>
  );
}
