/**
 * A stand-in for the engine: a WebAssembly memory with a bump allocator, holding frames and answers as the engine does.
 */
import type { EngineMemory } from "../../src/bridge/answer-writer.ts";

const PAGE_BYTES = 65536;

export class FakeEngineMemory implements EngineMemory {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  #next = 16;
  #answer = 0;
  #answerBytes = 0;

  memory(): WebAssembly.Memory {
    return this.#memory;
  }

  /** Puts a frame into the memory and gives its place. */
  place(frame: Uint8Array): number {
    this.#next = 16;
    this.#answerBytes = 0;
    const at = this.#take(frame.length);
    new Uint8Array(this.#memory.buffer).set(frame, at);
    return at;
  }

  /** Always moves the answer, so that nobody may rely on its staying. */
  reserve(atLeast: number): number {
    const moved = this.#take(atLeast);
    new Uint8Array(this.#memory.buffer).copyWithin(moved, this.#answer, this.#answer + this.#answerBytes);
    this.#answer = moved;
    this.#answerBytes = atLeast;
    return moved;
  }

  /** The answer's place after a call. */
  answer(length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer).slice(this.#answer, this.#answer + length);
  }

  #take(bytes: number): number {
    const at = this.#next;
    this.#next += bytes;
    const missing = this.#next - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }
}
