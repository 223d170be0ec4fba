import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { ImportReport } from "@/api";
import { changesAnything, type ImportChoices, Report } from "./import-report";

const report = (changed: Partial<ImportReport> = {}): ImportReport => ({
  applied: false,
  ready: true,
  file_kind: "xlsx",
  sheets: [
    { kind: "shots", names: ["샷 목록"], new: 2, changed: 1, unchanged: 7, conflicting: 0, absent: 0 },
  ],
  rows: [
    { kind: "shots", place: "Shots!5", name: "SHT-00002", state: "new", fields: [] },
    {
      kind: "shots",
      place: "Shots!9",
      name: "SHT-00007",
      state: "changed",
      fields: [{ field: "frame_count", old: "48", new: "72", conflicting: false }],
    },
  ],
  row_count: 10,
  problems: [],
  problem_count: 0,
  missing: [],
  ignored_columns: [],
  notes: [],
  ...changed,
});

const choices: ImportChoices = { createMissing: false, onConflict: "refuse" };

function show(changed: Partial<ImportReport> = {}) {
  const onChoices = vi.fn();
  render(<Report report={report(changed)} choices={choices} onChoices={onChoices} />);
  return onChoices;
}

test("new, changed, unchanged and conflicting rows are counted for each sheet", () => {
  show();
  const cells = within(screen.getByRole("row", { name: /^샷/ })).getAllByRole("cell");
  expect(cells.map((cell) => cell.textContent)).toEqual(["2", "1", "7", "0"]);
});

test("a changed row tells what stood there and what the file says, before the new rows", () => {
  show();
  const [first] = screen.getAllByRole("listitem");
  expect(first).toHaveProperty("textContent", expect.stringMatching(/SHT-00007.*길이.*48.*72/));
});

test("bad cells are named by their address, with the sentence", () => {
  show({
    ready: false,
    problems: [{ place: "Shots!F14", value: "0", message: "0 is too short; the least is 1." }],
    problem_count: 3,
  });
  const alert = screen.getByRole("alert");
  for (const text of ["Shots!F14", "0 is too short; the least is 1.", "3개", "2개"])
    expect(alert.textContent).toContain(text);
});

test("unknown names are listed, and may be created", () => {
  const onChoices = show({
    missing: [{ kind: "looks", name: "한복", of: "순자", places: ["Shots!D4"], count: 1 }],
  });
  expect(screen.getByText("한복")).toBeDefined();
  fireEvent.click(screen.getByRole("checkbox"));
  expect(onChoices).toHaveBeenCalledWith({ createMissing: true, onConflict: "refuse" });
});

test("where others changed the rows, one chooses who wins", () => {
  const onChoices = show({ sheets: [{ kind: "shots", names: [], conflicting: 1 }] });
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "mine" } });
  expect(onChoices).toHaveBeenCalledWith({ createMissing: false, onConflict: "mine" });
});

test("a file without changes is known as such", () => {
  expect(changesAnything(report())).toBe(true);
  expect(changesAnything(report({ sheets: [{ kind: "shots", names: [], unchanged: 9 }] }))).toBe(false);
});
