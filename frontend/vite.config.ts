import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";
import { configDefaults } from "vitest/config";

const MASTER = process.env.CINEFARM_MASTER ?? "http://127.0.0.1:8000";

// The master accepts only its own Host and Origin; the dev server speaks in its name.
const toMaster: ProxyOptions = {
  target: MASTER,
  changeOrigin: true,
  ws: true,
  configure(proxy) {
    proxy.on("proxyReq", (request) => {
      if (request.getHeader("origin")) request.setHeader("origin", MASTER);
    });
    proxy.on("proxyReqWs", (request) => request.setHeader("origin", MASTER));
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // editors of the grid that the table does not use: its own field edits every cell
      marked: fileURLToPath(new URL("./src/features/shots/table/no-editor.ts", import.meta.url)),
      "react-responsive-carousel": fileURLToPath(
        new URL("./src/features/shots/table/no-editor.ts", import.meta.url),
      ),
    },
  },
  server: { port: 5173, proxy: { "/api": toMaster, "/ws": toMaster, "/enter": toMaster } },
  build: {
    target: "es2023",
    sourcemap: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            // what every page needs; the rest comes with the page that does, as long lists (virtual) do
            {
              name: "vendor",
              test: /node_modules[\\/](@tanstack(?![\\/](react-virtual|virtual-core))|i18next|react-i18next|sonner|clsx|use-sync-external-store)[\\/]/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    pool: "threads",
    isolate: false, // a jsdom for each thread, not for each file: starting them was nine tenths of the time
    setupFiles: ["./src/test-setup.ts"],
    exclude: [...configDefaults.exclude, "e2e/**"],
    css: false,
  },
});
