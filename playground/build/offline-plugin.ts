/**
 * Makes the built page work offline: a service worker that keeps every file of the build, named in it, from the first visit on. A file's
 * name has its contents' hash, so that a new build is a new list and an old one is thrown away whole.
 */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** What the page registers (`src/offline.ts`). */
export const OFFLINE_WORKER = "offline.js";

/** The worker's text for a build of these files. */
function workerText(files: string[], version: string): string {
  return `const NAME = "dynatab-playground-${version}";
const FILES = ${JSON.stringify(["./", ...files])};
addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("dynatab-playground-") && name !== NAME;
  const clean = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  // The page itself is asked for first, so that a new build is seen; its files never change under their names.
  const kept = () => caches.match(request.mode === "navigate" ? "./" : request, { ignoreVary: true });
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(kept));
  else event.respondWith(kept().then((found) => found ?? fetch(request)));
});
`;
}

export function offline(): Plugin {
  return {
    name: "dynatab-offline",
    apply: "build",
    enforce: "post",
    config: () => ({ define: { "import.meta.env.KEPT_OFFLINE": "true" } }),
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((file) => !file.endsWith(".html") && !file.endsWith(".map"))
        .sort();
      const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
      this.emitFile({ type: "asset", fileName: OFFLINE_WORKER, source: workerText(files, version) });
    },
  };
}
