/**
 * Random tables and random sequences of requests through WebAssembly: the oracle (crate/oracle) writes requests with the answers its model
 * of DynamoDB expects, and the package as it is built (`pkg/`) must give them. The same sequences run natively in crate/tests/engine.
 *
 * scripts/counts.json says how many, `DYNATAB_SEED` which; a failure names its sequence, which
 * `DYNATAB_SEQUENCE` repeats alone, here and natively.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import { toolEnv } from "../../../scripts/paths.mjs";
import type * as DynatabNode from "../../src/node/index.ts";
import { type Ask, play, type Sequence, type Step } from "./player.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pkg = join(root, "pkg");
const MINUTES = 60_000;

/** Sequences as the oracle writes them, one after another: some have items of 400 kB. */
async function* sequences(many: number): AsyncGenerator<Sequence> {
  const one = process.env.DYNATAB_SEQUENCE;
  const which = one ? ["--sequence", one] : [String(many), String(seed)];
  const args = ["run", "--quiet", "--locked", "--package", "dynatab-oracle", "--", ...which];
  const oracle = spawn("cargo", args, { cwd: root, env: toolEnv(), stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(oracle, "close");
  for await (const line of createInterface({ input: oracle.stdout })) yield JSON.parse(line) as Sequence;
  expect(await ended).toEqual([0, null]);
}

async function open(): Promise<{ ask: Ask; close: () => Promise<void> }> {
  if (!existsSync(pkg)) throw new Error("The package is not built: npm run build");
  const { Dynatab } = (await import(pathToFileURL(join(pkg, "dist", "node.js")).href)) as typeof DynatabNode;
  const db = await Dynatab.open("sequences");
  const decoder = new TextDecoder();
  const ask: Ask = async (operation, request) => {
    const { status, body } = await db.dispatch(`DynamoDB_20120810.${operation}`, JSON.stringify(request));
    return { status, reply: JSON.parse(decoder.decode(body)) };
  };
  return { ask, close: () => db.close() };
}

/** Plays a sequence from an empty database on. */
async function trial({ tables, steps }: Sequence, afterStep?: (ask: Ask, step: Step) => Promise<void>): Promise<void> {
  const { ask, close } = await open();
  try {
    for (const table of tables) expect((await ask("CreateTable", table)).status).toBe(200);
    for (const step of steps) {
      await play(ask, step);
      await afterStep?.(ask, step);
    }
  } finally {
    await close();
  }
}

test("any sequence of requests agrees with the model", { timeout: 60 * MINUTES }, async () => {
  let played = 0;
  for await (const sequence of sequences(count("wasmSequences"))) {
    try {
      await trial(sequence);
    } catch (error) {
      throw new Error(`DYNATAB_SEQUENCE=${sequence.seed} repeats it. ${(error as Error).message}`);
    }
    played += 1;
  }
  expect(played).toBeGreaterThan(0);
});

test("a reply that is not the model's is found", { timeout: 2 * MINUTES }, async () => {
  const other = { Item: { other: { S: "attribute" } } };
  let [played, found] = [0, 0];
  for await (const sequence of sequences(10)) {
    await trial(sequence, async (ask, step) => {
      if (step.operation !== "GetItem" || !step.expect.reply) return;
      played += 1;
      await play(ask, { ...step, expect: { reply: other } }).catch(() => {
        found += 1;
      });
    });
  }
  expect(found).toBe(played);
});
