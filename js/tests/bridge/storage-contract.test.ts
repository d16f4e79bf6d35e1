/**
 * The storage contract suite, compiled into the engine's test build, over the bridge in Node: on the synchronous path, and on the one an
 * asynchronous driver would take, where every crossing suspends the engine and an answer carries it on.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { wasmDir } from "../../../scripts/wasm.mjs";
import { type AsyncTiming, FakeAsyncExecutor } from "../../src/bridge/async-executor.ts";
import { FrameExecutor } from "../../src/bridge/executor.ts";
import { EXECUTE_LOST } from "../../src/bridge/frame.ts";
import { loadSqlJsAssets } from "../../src/drivers/assets-node.ts";
import { openSqlJs } from "../../src/drivers/sqljs.ts";
import { DONE, type Engine, type EngineInstance, PENDING, random } from "../../src/engine.ts";
import { engineSettings } from "../../src/options.ts";

/** wasm-bindgen's glue of the test build. */
interface Glue extends Omit<EngineInstance, "memory"> {
  initSync(options: { module: BufferSource }): { memory: WebAssembly.Memory };
  contract_cases(): string;
}

interface ContractEngine extends Engine {
  run_contract_case(name: string): number;
}

const script = join(wasmDir("test"), "dynatab.js");
if (!existsSync(script)) throw new Error(`${script} is not built: run \`npm run build -- --test\` first.`);
const glue = (await import(pathToFileURL(script).href)) as Glue;
const { memory } = glue.initSync({ module: readFileSync(join(wasmDir("test"), "dynatab_bg.wasm")) });
const cases = JSON.parse(glue.contract_cases()) as string[];
const assets = await loadSqlJsAssets();

const volatileBridge = { volatile: true, reopen: () => EXECUTE_LOST, now: Date.now, random };

type Way = "synchronously" | AsyncTiming;

/** Runs a case on a database of its own; gives what is wrong, or nothing, and how often the engine was carried on. */
async function run(name: string, way: Way): Promise<{ wrong: string; resumed: number }> {
  const driver = await openSqlJs(assets);
  let resumed = 0;
  let finished = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const inner = new FrameExecutor(driver);
  const onAnswer = (length: number) => {
    resumed += 1;
    if (engine.resume(length) === DONE) finished();
  };
  const executor = way === "synchronously" ? inner : new FakeAsyncExecutor(inner, onAnswer, way);
  executor.attach({ memory: () => memory, reserve: glue.dynatab_answer_reserve });
  const execute: FrameExecutor["execute"] = (...places) => executor.execute(...places);
  const engine = new glue.Engine({ ...volatileBridge, execute }, engineSettings({})) as ContractEngine;
  try {
    if (engine.run_contract_case(name) === PENDING) await done;
    const reply = new Uint8Array(memory.buffer, engine.reply_ptr(), engine.reply_len());
    return { wrong: new TextDecoder().decode(reply), resumed };
  } finally {
    engine.free();
    inner.reset();
    driver.close();
  }
}

test("the suite has cases", () => {
  expect(cases.length).toBeGreaterThan(100);
});

describe("over sql.js", () => {
  test.each(cases)("%s", async (name) => {
    expect(await run(name, "synchronously")).toEqual({ wrong: "", resumed: 0 });
  });
});

describe.each(["microtask", "timeout"] as const)("over an asynchronous driver that answers in a %s", (timing) => {
  test.each(cases)("%s", async (name) => {
    const { wrong, resumed } = await run(name, timing);
    expect(wrong).toBe("");
    expect(resumed).toBeGreaterThan(0);
  });
});
