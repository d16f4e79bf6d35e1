/** The bench runs: every layer does every step, and what it says of its figures is right. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pairedRatio, summarize } from "../../../bench/report/statistics.ts";
import { judge } from "../../../bench/report/targets.ts";
import { makeSteps } from "../../../bench/steps/steps.ts";
import { bundleBench } from "../../../scripts/bench.mjs";
import { packageDir } from "../../../scripts/build.mjs";
import { root } from "../../../scripts/paths.mjs";
import { overBudget } from "../../../scripts/sizes.mjs";

// Inside the checkout: the bundle finds the installed packages from where it is.
const out = mkdtempSync(join(root, "dist", "bench-test-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("in Node every layer does every step and answers rightly", async () => {
  await bundleBench(out);
  const args = [join(out, "main.mjs"), packageDir("product"), out, out, "[]", "node", "--rounds=1", "--scale=0.02"];
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", timeout: 60_000 });
  expect(stderr.replaceAll(/^.*Warning[\s\S]*$/gm, "")).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain("PutItem in memory, engine");
  const { figures } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as {
    figures: { step: string; layer: string; median: number }[];
  };
  const measured = figures.filter(({ median }) => median > 0).map(({ step, layer }) => `${step} ${layer}`);
  const layers = ["floor", "engine", "page", "sdk"];
  expect(measured.sort()).toEqual(
    makeSteps()
      .flatMap(({ name }) => layers.map((layer) => `${name} ${layer}`))
      .sort(),
  );
}, 90_000);

const samples = (layer: "floor" | "engine", rounds: number[][]) => ({ step: "put-300", layer, mode: "memory" as const, rounds });

test("a figure is the median over rounds, per request, with the tail of single operations", () => {
  const figure = summarize(
    "chromium",
    samples("floor", [
      [2, 4, 6],
      [2, 4, 16],
    ]),
    2,
  );
  expect(figure).toMatchObject({ median: 1000, p99: 6000, max: 6000, spread: 0, rounds: [1000, 1000], samples: 6 });
});

test("a round in which the whole machine was slow does not change a ratio", () => {
  const floor = summarize("chromium", samples("floor", [[1], [1], [50]]), 1);
  const engine = summarize("chromium", samples("engine", [[2], [2], [100]]), 1);
  expect(pairedRatio(engine, [[1, floor]])).toBe(2);
  const machine = { cores: 2, load: 0, node: "" };
  const results = { machine, figures: [floor, engine], growth: [], first: [], opening: [], backfills: [], imported: [], sizes: [] };
  expect(judge(results)).toEqual([
    { work: "PutItem in memory, engine", target: "at most 3x the floor", result: "2.00x (2000 µs / 1000 µs)", met: true },
  ]);
});

test("a file that outgrows its budget, or has none, is told", () => {
  const size = (file: string, bytes: number) => ({ file, raw: bytes, gzip: bytes, brotli: bytes });
  const budget = { "dist/a.js": size("", 10), "dist/page-*.js": size("", 10) };
  expect(overBudget([size("dist/a.js", 10), size("dist/page-ABCDEFGH.js", 10)], budget)).toEqual([]);
  const told = overBudget([size("dist/page-ABCDEFGH.js", 6), size("dist/page-12345678.js", 5), size("dist/new.js", 1)], budget);
  expect(told).toHaveLength(4);
  expect(told.at(-1)).toBe("dist/new.js has no budget");
});
