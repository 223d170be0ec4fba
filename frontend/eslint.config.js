import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url));
const PAGES_COMPOSE =
  "A feature never imports another feature: let a page under src/pages put them together.";

export default tseslint.config(
  { ignores: ["dist", "src/api/generated", "test-results", "playwright-report"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "api/generated/client", message: "Take the client from @/api." },
            { group: ["../*"], message: "Write @/… for what lies in another folder." },
          ],
        },
      ],
    },
  },
  // src/ui and src/api stand below the features; a feature stands beside the others.
  {
    files: ["src/ui/**", "src/api/**", "src/lib/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@/features/*", "@/pages/*"],
              message: "Imports point down: ui and api know no feature.",
            },
          ],
        },
      ],
    },
  },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@/pages/*"], message: "Imports point down: a feature knows no page." },
            {
              group: features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`),
              message: PAGES_COMPOSE,
            },
            { group: ["../*"], message: "Write @/… for what lies in another folder." },
          ],
        },
      ],
    },
  })),
);
