/**
 * The browsers beside Chromium, a project each: the suites of `tests-browser/` that ask nothing of a browser but what every one has. WebKitGTK
 * has no private file system, so what needs one is left to Firefox.
 */
import { defineConfig } from "vitest/config";

const EVERYWHERE = [
  "storage-contract",
  "driver-contract",
  "assets",
  "persistence",
  "sdk",
  "sdk-errors",
  "tabs-memory",
  "coalescing",
  "trap",
];
const WITH_FILES = [
  "tabs",
  "versions",
  "service-worker",
  "kill",
  "import",
  "backfill",
  "whole-databases",
  "durability",
  "streams",
  "table-names",
  "own-operations",
  "crossings",
];

const project = (browser: string, suites: readonly string[]) => ({
  test: {
    name: browser,
    include: suites.map((suite) => `tests-browser/${suite}.test.ts`),
    env: { DYNATAB_BROWSER: browser },
    environment: "node",
    pool: "forks" as const,
    poolOptions: { forks: { singleFork: true } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});

export default defineConfig({
  test: { projects: [project("firefox", [...EVERYWHERE, ...WITH_FILES]), project("webkit", EVERYWHERE)] },
});
