/**
 * Runs decoded frames through an executor as the engine would, and decodes the answers.
 */
import { FrameExecutor } from "../../src/bridge/executor.ts";
import { decodeAnswer, encodeFrame, type FrameAnswer, type FrameResult, type FrameStatement, STATUS_OK } from "../../src/bridge/frame.ts";
import type { SqliteDriver } from "../../src/drivers/driver.ts";
import { FakeEngineMemory } from "./engine-memory.ts";

export class FrameRunner {
  readonly executor: FrameExecutor;
  readonly engine = new FakeEngineMemory();

  constructor(readonly driver: SqliteDriver) {
    this.executor = new FrameExecutor(driver);
    this.executor.attach(this.engine);
  }

  /** Runs a frame; `answerCapacity` small makes the answer grow. */
  run(statements: readonly FrameStatement[], answerCapacity = 64): FrameAnswer {
    return decodeAnswer(
      this.runBytes(encodeFrame(statements), answerCapacity),
      statements.map((statement) => statement.want),
    );
  }

  /** Runs a frame given as bytes and gives the answer's bytes. */
  runBytes(frame: Uint8Array, answerCapacity = 64): Uint8Array {
    const at = this.engine.place(frame);
    const answer = this.engine.reserve(answerCapacity);
    const length = this.executor.execute(at, frame.length, answer, answerCapacity);
    if (length < 0) throw new Error(`execute gave ${length}`);
    return this.engine.answer(length);
  }

  /** Runs a frame that must succeed and gives its results. */
  results(statements: readonly FrameStatement[], answerCapacity = 64): readonly FrameResult[] {
    const answer = this.run(statements, answerCapacity);
    if (answer.status !== STATUS_OK) throw new Error(`statement ${answer.ran} failed: ${answer.code} ${answer.message}`);
    return answer.results;
  }

  close(): void {
    this.executor.reset();
    this.driver.close();
  }
}
