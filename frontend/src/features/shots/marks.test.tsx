import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { shot } from "@/api/live/fixtures";
import { StarPicker, TagPicker } from "./marks";

const wrote = vi.fn();
beforeEach(() => wrote.mockReset());

test("a star gives so many, and the one that is there takes all away", () => {
  render(<StarPicker shot={shot({ rating: 2 })} onWrite={wrote} />);
  fireEvent.click(screen.getByRole("button", { name: /4/ }));
  fireEvent.click(screen.getByRole("button", { name: /2/ }));
  expect(wrote.mock.calls).toEqual([[{ rating: 4 }], [{ rating: 0 }]]);
});

test("what is typed becomes tags at Enter or a comma, and what cannot be one is said", () => {
  render(<TagPicker shot={shot({ tags: ["night"] })} known={() => ["night", "VFX"]} onWrite={wrote} />);
  const field = screen.getByRole("combobox");
  fireEvent.change(field, { target: { value: "rain, Night" } });
  fireEvent.keyDown(field, { key: "," });
  expect(wrote).toHaveBeenLastCalledWith({ tags: ["night", "rain"] });
  fireEvent.change(field, { target: { value: "x".repeat(41) } });
  fireEvent.keyDown(field, { key: "," });
  expect(wrote).toHaveBeenCalledOnce();
  expect(screen.getByRole("alert").textContent).toContain("40");
});
