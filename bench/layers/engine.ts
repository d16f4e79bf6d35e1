/**
 * The engine: `dispatch` called inside its own thread. A packed batch, made before the clock starts, goes to the engine, its replies are
 * copied out; nothing queues, no message is sent.
 */
import { BatchWriter, readReplies } from "../../js/src/batch.ts";
import { EXECUTE_LOST } from "../../js/src/bridge/frame.ts";
import type { Connection } from "../../js/src/connection.ts";
import { DONE, type Engine, EngineDoor, type EngineInstance, type InstantiateEngine, random } from "../../js/src/engine.ts";
import type { EngineSettings } from "../../js/src/options.ts";
import type { BenchItem } from "../steps/items.ts";
import { type BenchRequest, checkAnswer, checkScanned, type Step, wireInput } from "../steps/steps.ts";
import { createTableRequest } from "../steps/tables.ts";
import { type Layer, type Timing, timeEach } from "./layer.ts";

const decoder = new TextDecoder();
const TARGET = "DynamoDB_20120810.";
/** Loading goes in batches of this many. */
const LOAD_AT_ONCE = 100;

/** An engine on a connection, both its own. */
export class EngineLayer implements Layer {
  readonly #connection: Connection;
  readonly #instance: EngineInstance;
  readonly #engine: Engine;
  readonly #door: EngineDoor;
  readonly #steps: ReadonlyMap<string, Step>;

  constructor(
    module: WebAssembly.Module,
    instantiate: InstantiateEngine,
    connection: Connection,
    settings: EngineSettings,
    steps: readonly Step[],
  ) {
    this.#connection = connection;
    this.#steps = new Map(steps.map((step) => [step.name, step]));
    this.#instance = instantiate(module);
    const bridge = {
      execute: connection.attach(this.#instance, () => {}),
      volatile: connection.volatile,
      // A bench whose storage fails measures nothing.
      reopen: () => EXECUTE_LOST,
      now: Date.now,
      random,
    };
    this.#engine = new this.#instance.Engine(bridge, settings);
    this.#door = new EngineDoor(this.#instance, this.#engine);
    if (this.#engine.open() !== DONE) throw new Error("the engine waits where nothing is asynchronous");
    if (this.#engine.reply_len() > 0) throw new Error(decoder.decode(this.#door.reply()));
  }

  /** Bytes of the engine's memory. */
  get memoryBytes(): number {
    return this.#instance.memory.buffer.byteLength;
  }

  prepare(name: string): void {
    this.#submit([["CreateTable", createTableRequest(name, this.#steps.get(name)!.shape)]]);
  }

  /** Puts items outside the clock. */
  load(name: string, items: readonly BenchItem[]): void {
    for (let at = 0; at < items.length; at += LOAD_AT_ONCE) {
      this.#submit(items.slice(at, at + LOAD_AT_ONCE).map((Item) => ["PutItem", { TableName: name, Item }]));
    }
  }

  run(name: string, round: number): Timing {
    const step = this.#steps.get(name)!;
    this.load(name, step.load(round));
    return this.time(name, step.requests(round), step.proof(round));
  }

  /** Runs requests of a step under the clock, checks them, and then the proof that they did what they should. */
  time(name: string, requests: readonly BenchRequest[], proof: readonly BenchRequest[] = []): Timing {
    const { width, shape, scanned } = this.#steps.get(name)!;
    const ops = requests.length / width;
    const batches: Uint8Array[] = [];
    for (let op = 0; op < ops; op += 1) {
      const group = requests.slice(op * width, (op + 1) * width);
      batches.push(pack(group.map((request) => [request.operation, wireInput(request, name)])));
    }
    const replies: Uint8Array[] = new Array(ops);
    const door = this.#door;
    const timing = timeEach(ops, (op) => {
      door.submit(batches[op]!);
      replies[op] = door.reply().slice();
      this.#connection.worked();
    });
    for (const [op, packed] of replies.entries()) {
      const found = answers(packed, width);
      for (const [n, answer] of found.entries()) checkAnswer(requests[op * width + n]!, answer, shape);
      if (scanned !== undefined) checkScanned(found, scanned);
    }
    for (const request of proof) checkAnswer(request, this.#submit([[request.operation, wireInput(request, name)]])[0], shape);
    return timing;
  }

  close(): void | Promise<void> {
    this.#engine.free();
    return this.#connection.close();
  }

  #submit(requests: readonly (readonly [string, object])[]): unknown[] {
    if (requests.length === 0) return [];
    this.#door.submit(pack(requests));
    const found = answers(this.#door.reply(), requests.length);
    this.#connection.worked();
    return found;
  }
}

function pack(requests: readonly (readonly [string, object])[]): Uint8Array {
  const batch = new BatchWriter();
  for (const [id, [operation, input]] of requests.entries()) batch.add(id, TARGET + operation, JSON.stringify(input));
  return batch.take();
}

/** The answers in the order of their ids; throws where one is an error or missing. */
function answers(packed: Uint8Array, expected: number): unknown[] {
  const found: unknown[] = [];
  for (const { id, status, body } of readReplies(packed)) {
    const text = decoder.decode(body);
    if (status !== 200) throw new Error(text);
    found[id] = JSON.parse(text);
  }
  if (found.length !== expected || found.includes(undefined)) throw new Error(`${found.length} answers to ${expected} requests`);
  return found;
}
