/** The page under load, in a real Chromium; one line of JSON at the end. `make bench-frontend`, see docs/benchmarks.md. */
import { axe } from "./axe.mjs";
import { dashboard } from "./dashboard.mjs";
import { enter, withBrowser, withShots } from "./farm.mjs";
import { first } from "./first.mjs";
import { paste } from "./paste.mjs";
import { prompt } from "./prompt.mjs";
import { remote } from "./remote.mjs";
import { scroll } from "./scroll.mjs";
import { typing } from "./typing.mjs";

const say = (name, said) => console.error(`${name}: ${JSON.stringify(said)}`);
const alone = (farm, run) => withBrowser(async (browser) => run(await enter(browser, farm), browser));

const { ten, start, echo } = await withShots(
  10_000,
  async (farm) => {
    const start = await alone(farm, (page) => first(page, farm));
    say("first rows, 10,000 shots", start);
    const ten = await alone(farm, (page) => scroll(page, farm, 10_000));
    say("scrolling 10,000", ten);
    const echo = await alone(farm, (page) => typing(page, farm, 10_000));
    say("typing", echo);
    return { ten, start, echo };
  },
  { jobsASecond: 70 },
);
const { put, others, picks, found } = await withShots(2_000, async (farm) => {
  const put = await alone(farm, (page) => paste(page, farm, 2_000));
  say("paste", put);
  const others = await alone(farm, async (page, browser) =>
    remote(page, await enter(browser, farm), farm, 2_499),
  );
  say("remote edits", others);
  const picks = await alone(farm, (page) => prompt(page, farm));
  say("prompt", picks);
  const found = await alone(farm, (page) => axe(page, farm));
  say("axe", found);
  return { put, others, picks, found };
});
const board = await withShots(1, (farm) => alone(farm, (page) => dashboard(page, farm)));
say("dashboard", board);
const fifty = await withShots(50_000, (farm) => alone(farm, (page) => scroll(page, farm, 50_000)));
say("scrolling 50,000", fifty);

const short = (value) => Math.round(value * 100) / 100;
console.log(
  JSON.stringify({
    fps_10k: short(ten.fps),
    p95_ms_10k: short(ten.p95_ms),
    heap_mb_10k: short(ten.heap_mb),
    p95_ms_50k: short(fifty.p95_ms),
    rows_wrong: ten.wrong + fifty.wrong,
    first_rows_s: short(start.first_rows_s),
    script_kb: short(start.script_kb),
    typing_p95_ms: short(echo.typing_p95_ms),
    paste_ms: short(put.paste_ms),
    remote_edit_p95_ms: short(others.remote_edit_p95_ms),
    prompt_ms: short(picks.prompt_ms),
    dashboard_fps: short(board.dashboard_fps),
    dashboard_heap_mb: short(board.dashboard_heap_mb),
    axe_serious: found.axe_serious,
  }),
);
