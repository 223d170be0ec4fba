// Writes openapi.json from the master and the client from it; with --check only says whether they are up to date.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const root = resolve(here, "..");
const ours = resolve(root, ".venv/bin/python");
const python = process.env.PYTHON ?? (existsSync(ours) ? ours : "python3");
const committed = resolve(here, "openapi.json");

const said = execFileSync(python, ["-m", "master.openapi"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});

if (process.argv.includes("--check")) {
  if (readFileSync(committed, "utf8") !== said) {
    console.error("openapi.json is stale: run `npm run types` and commit what it writes.");
    process.exit(1);
  }
  console.log("openapi.json is what the master says.");
} else {
  writeFileSync(committed, said);
  execFileSync("npx", ["--no-install", "openapi-ts"], { cwd: here, stdio: "inherit" });
}
