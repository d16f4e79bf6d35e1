/** The bench runs in Chromium: its page, its worker and the product's worker beside each other, in memory and on files. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { PlaygroundResult } from "../bench/playground/playground.ts";
import { bundleBench } from "../scripts/bench.mjs";
import { packageDir } from "../scripts/build.mjs";
import { root } from "../scripts/paths.mjs";
import { buildPlayground } from "../scripts/playground.mjs";

const out = mkdtempSync(join(root, "dist", "bench-test-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("every layer answers rightly, and growth, opening and the way to the first answer are measured", async () => {
  await bundleBench(out);
  const parts = [
    "chromium",
    "first",
    "first-node",
    "opening",
    "growth",
    "memory",
    "strict",
    "put-300",
    "put-indexed",
    "query-100",
    "commit-25",
  ];
  const args = [join(out, "main.mjs"), packageDir("product"), out, out, "[]", ...parts, "--rounds=1", "--scale=0.02"];
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", timeout: 120_000 });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("25 PutItem in one commit, OPFS strict, engine");
  type Rows = { layer: string; fromOpen: number[]; fromStart: number[] }[];
  const { figures, growth, opening, first } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Record<string, Rows>;
  expect(new Set(figures!.map(({ layer }) => layer))).toEqual(new Set(["stock", "floor", "engine", "echo", "asked", "page", "sdk"]));
  expect(growth).toHaveLength(8);
  expect(opening).toHaveLength(3);
  // In memory and on files: Node, a page that finds nothing in the cache, one that finds everything.
  expect(first).toHaveLength(6);
  for (const { fromOpen, fromStart } of first!) expect(fromStart[0]).toBeGreaterThan(fromOpen[0]!);
});

test("the playground is measured: its first load file by file, and what it does with a hundred thousand items", async () => {
  await bundleBench(out);
  const page = await buildPlayground(join(root, "dist", "playground-test"));
  const args = [join(out, "main.mjs"), packageDir("product"), out, out, "[]", "playground", "--rounds=1", `--playground=${page}`];
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", timeout: 150_000 });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("playground with 100,000 items, a Query of 500 items");
  const { playground } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as { playground: PlaygroundResult };
  expect(playground.interactions.map(({ took }) => took.length)).toEqual([6, 6, 6, 6]);
  const fetched = playground.transfers.map(({ file }) => file);
  for (const part of [/^index\.html$/, /dynatab.*\.wasm$/, /wa-sqlite.*\.wasm$/, /worker.*\.js$/]) {
    expect(fetched.filter((file) => part.test(file))).toHaveLength(1);
  }
  // Neither is what the page keeps for later fetched before it is usable.
  expect(fetched.filter((file) => /code-mirror|sandbox|sqljs|offline/.test(file))).toEqual([]);
});
