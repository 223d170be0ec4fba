import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
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

const root = resolve(import.meta.dirname, "../../../..");
const ours = resolve(root, ".venv/bin/python");
const python = process.env.PYTHON ?? (existsSync(ours) ? ours : "python3");

/** What the master assembles, asked from itself. */
const masterCases = (): Case[] => {
  const file = "tests/master/shots/prompt_cases.py";
  const env = { ...process.env, PYTHONPATH: root };
  const said = execFileSync(python, [file], {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(said) as Case[];
};
const { presets } = JSON.parse(readFileSync(resolve(root, "master/cinematic/presets.json"), "utf8")) as {
  presets: Preset[];
};

test("a thousand prompts are assembled as the master assembles them", () => {
  const book = new PresetBook(presets);
  const byId = <Row extends { id: string }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]));
  let compared = 0;
  for (const { shots, characters, options, template, style_notes } of masterCases()) {
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
}, 60_000);
