/**
 * Three projects, each chosen with `--project`: `node` is everything that needs no browser, `browser` drives Chromium through
 * playwright-core (the tests themselves run in Node), `bundlers` does so with an application that each bundler has built. Browser files
 * run one after another: they share two cores with the browser.
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
          exclude: ["tests-browser/bundlers/**"],
          environment: "node",
          pool: "forks",
          poolOptions: { forks: { singleFork: true } },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "bundlers",
          include: ["tests-browser/bundlers/**/*.test.ts"],
          environment: "node",
          pool: "forks",
          poolOptions: { forks: { singleFork: true } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
