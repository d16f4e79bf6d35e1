/**
 * The playground as Vite serves and builds it. `dynatab` is the package as it was built into `pkg/`, taken through its own `exports` like
 * anybody's; nothing of `js/src` gets into the page by another way.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { offline } from "./build/offline-plugin.ts";
import { sdkRuntime } from "./build/sdk-runtime-plugin.ts";

const inCheckout = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Named, so that they are ready before the first page asks and it need not be loaded twice. */
const DEPENDENCIES = [
  "preact",
  "preact/hooks",
  "preact/jsx-dev-runtime",
  "preact/jsx-runtime",
  "@preact/signals",
  "@tanstack/virtual-core",
  "fflate",
  "papaparse",
  "@codemirror/autocomplete",
  "@codemirror/commands",
  "@codemirror/lang-javascript",
  "@codemirror/lang-json",
  "@codemirror/language",
  "@codemirror/lint",
  "@codemirror/search",
  "@codemirror/state",
  "@codemirror/view",
  "@lezer/highlight",
];

export default defineConfig({
  plugins: [sdkRuntime(), offline()],
  resolve: { alias: [{ find: /^dynatab$/, replacement: inCheckout("pkg") }] },
  server: { fs: { allow: [inCheckout("playground"), inCheckout("pkg"), inCheckout("node_modules")] } },
  optimizeDeps: { include: DEPENDENCIES },
  worker: { format: "es" },
  build: { outDir: inCheckout("dist/playground"), emptyOutDir: true, target: "es2022" },
});
