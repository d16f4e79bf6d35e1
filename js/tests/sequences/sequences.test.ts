/**
 * Random tables and random sequences of requests through WebAssembly, tables that change and items that expire among them: the oracle
 * (crate/oracle) writes requests with the answers its model of DynamoDB expects, and the module that ships must give them, on a clock that
 * goes as the sequence says. The same sequences run natively in crate/tests/engine.
 *
 * scripts/counts.json says how many, `DYNATAB_SEED` which; a failure names its sequence, which
 * `DYNATAB_SEQUENCE` repeats alone, here and natively.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { count, seed } from "../../../scripts/counts.mjs";
import { toolEnv } from "../../../scripts/paths.mjs";
import { startEngine } from "../engine/real-engine.ts";
import { type Played, play, type Sequence, type Step } from "./player.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
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

const STREAMS = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];

async function open(start: number): Promise<Played & { close: () => Promise<void> }> {
  const clock = { now: start };
  const engine = await startEngine("memory", { now: () => clock.now });
  const client = engine.client();
  const decoder = new TextDecoder();
  return {
    async ask(operation, request) {
      const api = STREAMS.includes(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
      const { status, body } = await client.dispatch(`${api}.${operation}`, JSON.stringify(request));
      return { status, reply: JSON.parse(decoder.decode(body)) };
    },
    advance(milliseconds) {
      clock.now += milliseconds;
      engine.work();
    },
    close: () => engine.close(),
  };
}

/** Plays a sequence from an empty database on. */
async function trial({ start, tables, steps }: Sequence, afterStep?: (played: Played, step: Step) => Promise<void>): Promise<void> {
  const played = await open(start);
  try {
    for (const table of tables) expect((await played.ask("CreateTable", table)).status).toBe(200);
    for (const step of steps) {
      await play(played, step);
      await afterStep?.(played, step);
    }
  } finally {
    await played.close();
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
  let [changed, found] = [0, 0];
  for await (const sequence of sequences(10)) {
    await trial(sequence, async (played, step) => {
      if (step.operation !== "GetItem" || !step.expect.reply) return;
      changed += 1;
      await play(played, { ...step, expect: { reply: other } }).catch(() => {
        found += 1;
      });
    });
  }
  expect(found).toBe(changed);
});
