/** An engine made in JavaScript, to test what is around the real one: it answers as a test says, late, not at all, or by dying. */
import { packReplies, readRequests } from "../../src/batch.ts";
import type { Connection, ExecuteFrame } from "../../src/connection.ts";
import { noConnectionCounters } from "../../src/counters.ts";
import { Database } from "../../src/database.ts";
import { DONE, type Engine, type EngineInstance, PENDING } from "../../src/engine.ts";
import { EngineHost, type HostSetup } from "../../src/engine-host.ts";
import { InProcessTransport } from "../../src/in-process.ts";
import type { RequestTrace } from "../../src/request-trace.ts";

/** What the fake engine answers: a status and a body, `"trap"` to die, `"silence"` to leave the request out of the replies. */
export type FakeAnswer = { status: number; body: unknown } | "trap" | "silence";

/** Decides about one request. */
export type Answer = (operation: string, body: string, target: string) => FakeAnswer;

export const ok = (body: unknown): FakeAnswer => ({ status: 200, body });

/** A connection that reaches nothing and notes what becomes of it. */
export class FakeConnection implements Connection {
  volatile = true;
  lost = false;
  counters = noConnectionCounters();
  commits = 0;
  recovered = 0;
  closed = 0;
  idled = 0;
  answered: (length: number) => void = () => {};

  attach(_engine: EngineInstance, answered: (length: number) => void): ExecuteFrame {
    this.answered = answered;
    return () => 0;
  }
  trace(): () => RequestTrace {
    return () => ({ crossings: 0, statements: [], bytesIn: 0, bytesOut: 0 });
  }
  reopen(): boolean {
    return false;
  }
  recover(): void {
    this.recovered += 1;
  }
  /** Is told when there is a moment to copy the log. */
  onWorked: () => void = () => {};
  worked(): void {
    this.onWorked();
  }
  stepped(): void {
    this.onWorked();
  }
  idle(): void {
    this.idled += 1;
  }
  close(): void {
    this.closed += 1;
  }
}

/** Everything a test wants to look at. */
export interface FakeWorld {
  setup: HostSetup;
  connections: FakeConnection[];
  /** The batches the engines were given: the operations in each. */
  batches: string[][];
  /** Engines started. */
  engines: number;
  /** While true, a batch stays pending until the connection's `answered` is called. */
  asynchronous: boolean;
  /** What `open` reports: empty is success. */
  refusal: string;
  volatile: boolean;
  /** Does a step of the engine's own work and says when the next is due; dies by throwing. */
  work: () => number;
  /** The tables whose streams have changed since the engine was last asked. */
  changed: string[];
  /** Says what the engine replies instead of what it should. */
  reply?: () => Uint8Array;
}

/** A world with a fake engine that answers by `answer`. */
export function fakeWorld(answer: Answer): FakeWorld {
  const world: FakeWorld = {
    connections: [],
    batches: [],
    engines: 0,
    asynchronous: false,
    work: () => 60_000,
    changed: [],
    refusal: "",
    volatile: true,
    setup: {
      module: undefined as unknown as WebAssembly.Module,
      instantiate: () => instantiate(world, answer),
      connect: async () => {
        const connection = new FakeConnection();
        connection.volatile = world.volatile;
        world.connections.push(connection);
        return connection;
      },
      engine: { durability: "strict" },
      hop: queueMicrotask,
    },
  };
  return world;
}

/** A database in this thread over a fake world. */
export async function openFake(world: FakeWorld): Promise<Database> {
  return new Database("fake", new InProcessTransport(await EngineHost.open(world.setup), { persistence: "memory" }));
}

function instantiate(world: FakeWorld, answer: Answer): EngineInstance {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  /** Requests and replies take the same place in turn. */
  const reserve = (length: number): number => {
    const missing = 64 + length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    return 64;
  };

  class FakeEngine implements Engine {
    #length = 0;
    #kept: Uint8Array | undefined;

    constructor() {
      world.engines += 1;
    }
    open(): number {
      this.#write(encoder.encode(world.refusal));
      return DONE;
    }
    submit(senders: number, length: number): number {
      const kept = new Uint8Array(memory.buffer, 64 + senders, length - senders).slice();
      if (world.asynchronous) {
        this.#kept = kept;
        return PENDING;
      }
      return this.#answer(kept);
    }
    changed_streams(): void {
      this.#write(encoder.encode(world.changed.splice(0).join(" ")));
    }
    resume(): number {
      const kept = this.#kept;
      this.#kept = undefined;
      return kept ? this.#answer(kept) : DONE;
    }
    work(): number {
      this.#write(encoder.encode(String(world.work())));
      return DONE;
    }
    lost(): boolean {
      return false;
    }
    reply_ptr(): number {
      return 64;
    }
    reply_len(): number {
      return this.#length;
    }
    free(): void {}

    #answer(batch: Uint8Array): number {
      const requests = readRequests(batch);
      world.batches.push(requests.map(({ target }) => target.slice(target.indexOf(".") + 1)));
      const replies = requests.flatMap(({ id, target, body }) => {
        const answered = answer(target.slice(target.indexOf(".") + 1), decoder.decode(body), target);
        if (answered === "trap") throw new WebAssembly.RuntimeError("unreachable");
        if (answered === "silence") return [];
        return [{ id, status: answered.status, body: encoder.encode(JSON.stringify(answered.body)) }];
      });
      this.#write(world.reply?.() ?? packReplies(replies));
      return DONE;
    }
    #write(bytes: Uint8Array): void {
      reserve(bytes.length);
      new Uint8Array(memory.buffer).set(bytes, 64);
      this.#length = bytes.length;
    }
  }
  return { Engine: FakeEngine, memory, dynatab_answer_reserve: () => 0, dynatab_request_reserve: reserve };
}
