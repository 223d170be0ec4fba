/** A project with a bible to pick from, and the prompt in the drawer of its first shot. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Farm } from "./farm";

const KINDS = [
  ...["camera_body", "focal_length", "lens_type", "film_stock", "style", "look_and_feel"],
  ...["lighting_source", "lighting_style", "environment", "atmosphere", "filter", "aspect_ratio"],
] as const;

export const LOOKS = ["빨간 우비", "school uniform", "in a suit"] as const;

type Fields = Record<string, unknown>;
interface Preset {
  kind: string;
  label_en: string;
  label_ko: string;
}

export interface Shot {
  id: string;
  generated_prompt: string;
  prompt_override: string | null;
  negative_prompt: string;
}

export type Api = <Answer>(method: string, path: string, data?: unknown) => Promise<Answer>;

export function apiOf(page: Page, farm: Farm): Api {
  return async <Answer>(method: string, path: string, data?: unknown) => {
    const answer = await page.request.fetch(path, {
      method,
      headers: { origin: farm.url },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Answer;
  };
}

/** Two people with three looks each, and as many cinematic options as asked for, each of other presets. */
export async function makeBible(api: Api, code: string, options: number): Promise<void> {
  await api("POST", "/api/projects", {
    code,
    name: "설정집 시험",
    style_notes: "필름 느와르, muted colours",
  });
  await api("POST", `/api/projects/${code}/shots`, [
    { scene_description: "비 오는 밤, 시장 골목", action: "She runs toward the camera." },
  ]);
  for (const [name, description, trigger_words] of [
    ["미나", "30대 여성, short black hair", "mina_v2"],
    ["순자", "시장 상인, kind eyes", "sunja, apron"],
  ]) {
    const { id } = await api<{ id: string }>("POST", `/api/projects/${code}/characters`, {
      ...{ name, description, trigger_words },
    });
    for (const look of LOOKS)
      await api("POST", `/api/characters/${id}/looks`, { name: look, description: `${look}, ${name}` });
  }
  const { presets } = await api<{ presets: Preset[] }>("GET", "/api/presets");
  for (let number = 0; number < options; number += 1)
    await api("POST", `/api/projects/${code}/cinematic-options`, optionOf(presets, number));
}

function optionOf(presets: readonly Preset[], number: number): Fields {
  const fields: Fields = { name: `옵션 ${number}` };
  for (const [place, kind] of KINDS.entries()) {
    const known = presets.filter((preset) => preset.kind === kind);
    const preset = known[(number * (place + 1)) % known.length];
    fields[kind] = number % 2 === 0 ? preset?.label_ko : preset?.label_en;
  }
  return fields;
}

/** What the page makes of `act` while no request of it is answered. How soon: see bench/prompt.mjs. */
export async function unanswered<T>(page: Page, act: () => Promise<T>): Promise<T> {
  const everything = "**/api/**";
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(everything, async (route) => {
    await released;
    await route.continue();
  });
  try {
    return await act();
  } finally {
    release();
    await page.unrouteAll({ behavior: "wait" });
  }
}

/** Chooses in a select of the drawer. The prompt as the page then writes it. */
export async function pick(page: Page, select: Locator, value: string): Promise<string> {
  const prompt = page.locator("[data-prompt]");
  const before = (await prompt.textContent()) ?? "";
  await select.selectOption({ label: value });
  await expect(prompt).not.toHaveText(before);
  return (await prompt.textContent()) ?? "";
}
