import { setTimeout as pass } from "node:timers/promises";
import { expect, type Page, type WebSocketRoute } from "@playwright/test";
import { test } from "./farm";

/** What the dashboard's charts show of a time in which nothing was heard. */
const LOSS_S = Number(process.env.LOSS_S ?? 8); // the bench takes 30
const SPAN_S = 300;
const CHART = "사용률";

/** A live socket that can be broken, and stays so until it is mended. */
async function breakable(page: Page) {
  const open = new Set<WebSocketRoute>();
  let broken = false;
  await page.routeWebSocket(/\/ws\/live/, (socket) => {
    if (broken) {
      void socket.close();
      return;
    }
    open.add(socket);
    socket.connectToServer();
  });
  return {
    snap: async () => {
      broken = true;
      for (const socket of open) await socket.close({ code: 1012 });
      open.clear();
    },
    mend: () => void (broken = false),
  };
}

/** What the chart says under the cursor, by the second of the day, as the pointer goes over what happened last. */
async function readChart(page: Page): Promise<Map<number, string>> {
  const figure = page.locator("figure").filter({ has: page.getByRole("img", { name: CHART }) });
  await figure.scrollIntoViewIfNeeded();
  const over = await figure.locator(".u-over").boundingBox();
  if (!over) throw new Error("no chart");
  const told = new Map<number, string>();
  const first = Math.max(0, over.width * (1 - (2 * LOSS_S + 20) / SPAN_S));
  for (let x = first; x < over.width; x += 1) {
    await page.mouse.move(over.x + x, over.y + over.height / 2);
    const [time, value] = await figure
      .locator("figcaption > span")
      .evaluateAll((spans) => [spans[1]?.textContent ?? "", spans[2]?.firstElementChild?.textContent ?? ""]);
    const [, half, hour, minute, second] = /(오전|오후) (\d+):(\d+):(\d+)/.exec(time ?? "") ?? [];
    if (value === undefined || half === undefined) continue;
    const hours = (Number(hour) % 12) + (half === "오후" ? 12 : 0);
    told.set(hours * 3600 + Number(minute) * 60 + Number(second), value);
  }
  await page.mouse.move(0, 0);
  return told;
}

const clock = () => {
  const now = new Date(Date.now() + 9 * 3600_000); // Seoul, as the page's
  return now.getUTCHours() * 3600 + now.getUTCMinutes() * 60 + now.getUTCSeconds();
};

test("after a loss of the socket the charts are filled with what the master heard, and silence is a gap", async ({
  page,
  farm,
}) => {
  await page.setViewportSize({ width: 1200, height: 900 }); // where a second is wider than a pixel
  await farm.enter(page);
  const line = await breakable(page);
  await page.goto(`${farm.url}/workers`);
  await page.getByRole("button", { name: "5분", exact: true }).click();
  const newest = page.locator("figure").filter({ hasText: CHART }).locator("figcaption > span").last();
  await expect(newest).toHaveText(/^\d+%/);
  const connection = page.getByRole("status").filter({ hasText: "끊" });
  await pass(3000); // some readings before

  const lost = clock();
  await line.snap();
  await expect(connection).toBeVisible();
  await expect(newest).toHaveText(/^–/); // it does not go on showing what it heard last
  await pass(LOSS_S * 1000 - (clock() - lost) * 1000); // the worker goes on and tells the master
  const frozen = clock();
  farm.freezeWorker(true);
  await pass(LOSS_S * 1000);
  farm.freezeWorker(false);
  const thawed = clock();
  await pass(4000);
  await expect(page.locator("article[data-worker]")).toHaveAttribute("data-standing", /idle|busy/); // it is we who are cut off
  line.mend();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(connection).toBeHidden();
  await expect(newest).toHaveText(/^\d+%/);
  const back = clock();

  const told = [...(await readChart(page))].filter(([second]) => second > lost - 2 && second < back - 2);
  const silent = told.filter(([, value]) => value === "–").map(([second]) => second);
  console.log(`frozen for ${thawed - frozen} s: a gap of ${silent.length} s in ${told.length} s`);
  expect(silent.every((second) => second >= frozen - 1 && second <= thawed + 3)).toBe(true);
  expect(Math.abs(silent.length - LOSS_S)).toBeLessThanOrEqual(3);
  expect(told.length - silent.length).toBeGreaterThan(LOSS_S); // what came while the socket was lost is there
});
