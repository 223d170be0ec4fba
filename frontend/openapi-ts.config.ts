import { readFileSync } from "node:fs";
import { defineConfig } from "@hey-api/openapi-ts";

type Operation = { responses?: Record<string, unknown> };
const input = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url), "utf8")) as {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, Record<string, Operation>>;
};

// FastAPI writes its own 422 body into the document; the master answers every error with its ErrorBody instead,
// which src/api/errors.ts turns into an ApiError.
const paths = [...Object.values(input.paths), ...Object.values(input.webhooks)];
for (const operation of paths.flatMap((path) => Object.values(path))) {
  delete operation.responses?.["422"];
}

export default defineConfig({
  input,
  output: { path: "./src/api/generated", postProcess: ["prettier"] },
  plugins: [
    { name: "@hey-api/client-fetch", runtimeConfigPath: "../runtime" },
    "@hey-api/typescript",
    "@hey-api/sdk",
    { name: "@tanstack/react-query", queryOptions: true, infiniteQueryOptions: false, mutationOptions: true },
  ],
});
