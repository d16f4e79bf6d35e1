import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

/** Writes the service worker with the list of what the build made: it changes with every release, and with it the cache's name. */
function serviceWorker() {
  return {
    name: "service-worker",
    apply: "build",
    // Behind Vite's own, which add the worker and the WebAssembly.
    enforce: "post",
    generateBundle(_, bundle) {
      // A page with lasting data never fetches the SQLite of the memory mode.
      const made = Object.keys(bundle).filter((file) => !/sqljs/.test(file));
      const files = [
        "./",
        "./manifest.webmanifest",
        "./icon.svg",
        ...made.filter((file) => file !== "index.html").map((file) => `./${file}`),
      ];
      const release = createHash("sha256").update(files.sort().join("\n")).digest("hex").slice(0, 8);
      const source = readFileSync(new URL("./src/sw.js", import.meta.url), "utf8");
      const constants = `const RELEASE = "${release}";\nconst FILES = ${JSON.stringify(files, undefined, 2)};\n`;
      this.emitFile({ type: "asset", fileName: "sw.js", source: constants + source });
    },
  };
}

export default defineConfig({ base: "./", build: { target: "es2022" }, plugins: [serviceWorker()] });
