/** A command as the page shows it, run as one would who pastes it into a shell of another box. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CINEFARM, ENVIRONMENT } from "./farm";

export interface Pasted {
  /** Its exit code, once it ends by itself. */
  ended: Promise<number | null>;
  output: () => string;
  stop: () => Promise<void>;
}

export function paste(command: string): Pasted {
  const home = mkdtempSync(join(tmpdir(), "cinefarm-box-"));
  const bin = join(home, "bin");
  mkdirSync(bin);
  if (CINEFARM.includes("/")) symlinkSync(CINEFARM, join(bin, "cinefarm"));
  const env = { ...ENVIRONMENT, HOME: home, XDG_DATA_HOME: home, PATH: `${bin}:${ENVIRONMENT["PATH"]}` };
  const child = spawn("sh", ["-c", command], {
    cwd: home,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const hear = (text: Buffer) => void (output += text.toString());
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, "SIGKILL");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  return { ended, output: () => output, stop };
}
