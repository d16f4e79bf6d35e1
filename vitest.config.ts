/**
 * Two projects, each chosen with `--project`: `node` is everything that needs no browser, `browser` drives Chromium through
 * playwright-core (the tests themselves run in Node). Browser files run one after another: they share two cores with the browser.
 */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["js/tests/**/*.test.ts", "scripts/tests/**/*.test.mjs", "playground/tests/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests-browser/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          poolOptions: { forks: { singleFork: true } },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
