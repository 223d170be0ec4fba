import { act, render, screen } from "@testing-library/react";
import { useTranslation } from "react-i18next";
import { afterEach, expect, test } from "vitest";
import { readStored } from "@/lib/stored";
import { chooseLanguage } from ".";
import en from "./en";
import ko from "./ko";

const drawn: string[] = [];

function Word() {
  const { t } = useTranslation();
  const text = t("action.cancel");
  drawn.push(text);
  return <p>{text}</p>;
}

afterEach(() => chooseLanguage("ko"));

test("a language is spoken as soon as its texts are there, and never by their keys", async () => {
  render(<Word />);
  await act(() => chooseLanguage("en"));
  expect(screen.getByText(en.action.cancel)).toBeTruthy();
  expect(document.documentElement.lang).toBe("en");
  expect(readStored("language")).toBe("en");
  expect([...new Set(drawn)]).toEqual([ko.action.cancel, en.action.cancel]);
});

test("of two choices made at once the last counts", async () => {
  await act(() => Promise.all([chooseLanguage("en"), chooseLanguage("ko")]));
  expect(document.documentElement.lang).toBe("ko");
});
