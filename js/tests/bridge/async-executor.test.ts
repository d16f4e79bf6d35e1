import { describe, expect, it } from "vitest";
import { type AsyncTiming, FakeAsyncExecutor } from "../../src/bridge/async-executor.ts";
import { FrameExecutor } from "../../src/bridge/executor.ts";
import { decodeAnswer, EXECUTE_LOST, EXECUTE_PENDING, encodeFrame, WANT_FIRST_ROW } from "../../src/bridge/frame.ts";
import { loadSqlJsAssets } from "../../src/drivers/assets-node.ts";
import { openSqlJs } from "../../src/drivers/sqljs.ts";
import { FakeEngineMemory } from "../drivers/engine-memory.ts";

interface Setup {
  executor: FakeAsyncExecutor;
  engine: FakeEngineMemory;
  answers: number[];
  /** Puts a frame that selects a text into the engine's memory and executes it. */
  select(text: string): { code: number; at: number; length: number };
  close(): void;
}

async function setUp(timing: AsyncTiming): Promise<Setup> {
  const driver = await openSqlJs(await loadSqlJsAssets());
  const answers: number[] = [];
  const executor = new FakeAsyncExecutor(new FrameExecutor(driver), (length) => answers.push(length), timing);
  const engine = new FakeEngineMemory();
  executor.attach(engine);
  const select = (text: string) => {
    const frame = encodeFrame([{ id: 1, want: WANT_FIRST_ROW, sql: "SELECT ?1", parameters: [text] }]);
    const at = engine.place(frame);
    return { code: executor.execute(at, frame.length, engine.reserve(64), 64), at, length: frame.length };
  };
  const close = () => {
    executor.reset();
    driver.close();
  };
  return { executor, engine, answers, select, close };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("the fake asynchronous executor", () => {
  it.each(["microtask", "timeout"] as const)("answers pending, and later from its own copy of the frame (%s)", async (timing) => {
    const { engine, answers, select, close } = await setUp(timing);
    const { code, at, length } = select("x".repeat(5000));
    expect(code).toBe(EXECUTE_PENDING);
    expect(answers).toEqual([]);
    new Uint8Array(engine.memory().buffer).fill(0xff, at, at + length);
    await turn();
    expect(answers).toHaveLength(1);
    const answer = decodeAnswer(engine.answer(answers[0] as number), [WANT_FIRST_ROW]);
    expect(answer).toMatchObject({ status: 0, results: [{ rows: [["x".repeat(5000)]] }] });
    close();
  });

  it("counts a crossing once", async () => {
    const { executor, select, close } = await setUp("microtask");
    select("a");
    await turn();
    expect(executor.counters.crossings).toBe(1);
    close();
  });

  it("takes one frame at a time", async () => {
    const { select, answers, close } = await setUp("microtask");
    select("a");
    expect(select("b").code).toBe(EXECUTE_LOST);
    await turn();
    expect(answers).toHaveLength(1);
    close();
  });

  it("does not answer a frame of an engine that was replaced meanwhile", async () => {
    const { executor, select, answers, close } = await setUp("timeout");
    select("a");
    executor.attach(new FakeEngineMemory());
    await turn();
    expect(answers).toEqual([]);
    close();
  });
});
