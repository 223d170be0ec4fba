import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CharacterView, CinematicView, Preset } from "@/api";
import { assemble, PresetBook, type PromptShot, readTemplate } from "./assemble";

interface Case {
  style_notes: string;
  template: { [key: string]: unknown } | null;
  characters: CharacterView[];
  options: CinematicView[];
  shots: (PromptShot & { expected: [part: string, text: string][] })[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

// Written by tests/master/shots/test_prompt_cases.py, which fails when the master would assemble them otherwise.
const cases = read("cases.json") as Case[];
const { presets } = read("../../../../master/cinematic/presets.json") as { presets: Preset[] };

test("a thousand prompts are assembled as the master assembles them", () => {
  const book = new PresetBook(presets);
  const byId = <Row extends { id: string }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]));
  let compared = 0;
  for (const { shots, characters, options, template, style_notes } of cases) {
    const bible = {
      style_notes,
      template: readTemplate(template),
      characters: byId(characters),
      options: byId(options),
      presets: book,
    };
    for (const { expected, ...shot } of shots) {
      const said = assemble(shot, bible);
      expect(said.segments.map(({ part, text }) => [part, text])).toEqual(expected);
      expect(said.text).toBe(expected.map(([, text]) => text).join(bible.template.separator));
      compared += 1;
    }
  }
  expect(compared).toBe(1000);
});
