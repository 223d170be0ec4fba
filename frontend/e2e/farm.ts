/** A real master and a real worker in a folder of their own, for the time of the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test as base, type Page } from "@playwright/test";

const ROOT = resolve(import.meta.dirname, "../..");
const BUILT = join(ROOT, "frontend/dist/index.html");
const VENV = join(ROOT, ".venv/bin/cinefarm");
const { CINEFARM_BIN, ...rest } = process.env;
export const ENVIRONMENT = rest; // no setting of the farm's own
export const CINEFARM = CINEFARM_BIN ?? (existsSync(VENV) ? VENV : "cinefarm");

export const SAMPLE_FILM = join(ROOT, "projects/sample/sample_film.xlsx");

export interface Farm {
  url: string;
  /** Lets a browser in by a fresh one-time link. */
  enter: (page: Page) => Promise<void>;
  /** As a power cut would end it. */
  killWorker: () => void;
  /** Freezes the worker as a suspended machine is frozen, or lets it go on. */
  freezeWorker: (frozen: boolean) => void;
  /** Ends the master and starts it anew at the same address; what must happen between them may touch its database. */
  restart: (meanwhile?: (database: string) => void) => Promise<void>;
  /** Where the master keeps its secret. */
  secretFile: string;
}

class Started {
  readonly child: ChildProcess;
  output = "";

  constructor(...args: string[]) {
    this.child = spawn(CINEFARM, args, { cwd: ROOT, env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
    const hear = (text: Buffer) => void (this.output += text.toString());
    this.child.stdout?.on("data", hear);
    this.child.stderr?.on("data", hear);
  }

  async says(words: RegExp, withinMs = 60_000): Promise<string> {
    const end = Date.now() + withinMs;
    while (Date.now() < end) {
      const found = words.exec(this.output);
      if (found) return found[0];
      if (this.child.exitCode !== null) break;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`${this.child.spawnargs.join(" ")} did not say ${words}. It said:\n${this.output}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    this.child.kill("SIGCONT"); // a frozen one hears nothing
    const killer = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(killer);
  }
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? found(address.port) : failed(new Error("no port")),
      );
    });
  });
}

async function startFarm(): Promise<{ farm: Farm; stop: () => Promise<void> }> {
  if (!existsSync(BUILT)) throw new Error("frontend/dist is missing: run `npm run build` first.");
  const folder = mkdtempSync(join(tmpdir(), "cinefarm-e2e-"));
  const files = ["--projects-dir", join(folder, "projects"), "--storage-dir", join(folder, "storage")];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started: Started[] = [];
  const stop = async () => {
    for (const process of started.toReversed()) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const args = ["--port", String(port), "--state-dir", join(folder, "master"), ...files];
    const begin = async () => {
      const master = new Started("master", ...args);
      started.push(master);
      await master.says(/Open http:\S+ticket=\S+/);
      return master;
    };
    let master = await begin();
    const restart = async (meanwhile: (database: string) => void = () => undefined) => {
      await master.stop();
      meanwhile(join(folder, "master/cinefarm.db"));
      master = await begin();
    };
    const secretFile = join(folder, "master/secret");
    const worker = new Started(
      ...["worker", "--master", url, "--secret-file", secretFile, "--state-dir", join(folder, "worker")],
      ...["--name", "e2e-box", ...files],
    );
    started.push(worker);
    await worker.says(/joined the farm/);
    const secret = readFileSync(secretFile, "utf8").trim();
    const killWorker = () => void worker.child.kill("SIGKILL");
    const freezeWorker = (frozen: boolean) => void worker.child.kill(frozen ? "SIGSTOP" : "SIGCONT");
    return {
      farm: { url, enter: (page) => enter(page, url, secret), killWorker, freezeWorker, secretFile, restart },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function enter(page: Page, url: string, secret: string): Promise<void> {
  const answer = await fetch(`${url}/api/tickets`, {
    method: "POST",
    headers: { Authorization: `Bearer ${secret}` },
  });
  const { path } = (await answer.json()) as { path: string };
  await page.goto(url + path);
}

export const test = base.extend<object, { farm: Farm }>({
  farm: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the braces
    async ({}, use) => {
      const { farm, stop } = await startFarm();
      await use(farm);
      await stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

/** The page is told that this workflow's engine is still to come: of those for shots that ship, none is. */
export async function withoutEngine(page: Page, workflow: string): Promise<void> {
  await page.route("**/api/workflows", async (route) => {
    const answer = await route.fetch();
    const { rows } = (await answer.json()) as { rows: { name: string }[] };
    const told = rows.map((row) => (row.name === workflow ? { ...row, runs: false } : row));
    await route.fulfill({ response: answer, json: { rows: told } });
  });
}
