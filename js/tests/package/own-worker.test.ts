import { afterEach, describe, expect, test, vi } from "vitest";
import { type PackedReply, packReplies, readRequests } from "../../src/batch.ts";
import { watchLife } from "../../src/browser/locks.ts";
import { Database } from "../../src/database.ts";
import {
  AssetLoadError,
  DatabaseBusyError,
  EngineCrashedError,
  LeaderUnresponsiveError,
  VersionMismatchError,
  WorkerLostError,
} from "../../src/errors.ts";
import { type FromWorker, PROTOCOL_VERSION, type ToWorker } from "../../src/protocol.ts";
import type { WorkerLike } from "../../src/tabs/own-worker.ts";
import type { TabPlatform } from "../../src/tabs/platform.ts";
import { TabTransport } from "../../src/tabs/tab-transport.ts";

/** A worker as its page sees it, answering by script. */
class ScriptedWorker extends EventTarget implements WorkerLike {
  heard: ToWorker[] = [];
  terminated = 0;
  readonly #script: (message: ToWorker, say: (message: FromWorker) => void) => void;

  constructor(script: (message: ToWorker, say: (message: FromWorker) => void) => void) {
    super();
    this.#script = script;
  }
  postMessage(message: ToWorker, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    const received = structuredClone(message, Array.isArray(transfer) ? { transfer } : transfer);
    this.heard.push(received);
    queueMicrotask(() => this.#script(received, (answer) => this.say(answer)));
  }
  say(message: FromWorker): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: message }));
  }
  fail(message?: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
  terminate(): void {
    this.terminated += 1;
  }
}

const opened: FromWorker = { type: "opened", version: PROTOCOL_VERSION, persistence: "opfs" };
const openedInMemory: FromWorker = { type: "opened", version: PROTOCOL_VERSION, persistence: "memory" };
const wish = {
  name: "x",
  client: "client",
  persistence: "auto",
  durability: "strict",
  multiTab: undefined,
  engine: { durability: "strict" },
  wasm: { engine: "e", sqlJs: "s", waSqlite: "w" },
} as const;

function replies(packed: readonly PackedReply[]): FromWorker {
  const { buffer, length } = packReplies(packed);
  return { type: "replies", packed: buffer, length };
}

/** A worker that opens and answers every request with its own body. */
const echoing = () =>
  new ScriptedWorker((message, say) => {
    if (message.type === "open") say(opened);
    else if (message.type === "batch") {
      const requests = readRequests(new Uint8Array(message.packed, 0, message.length));
      say(replies(requests.map(({ id, body }) => ({ id, status: 200, body }))));
    } else if (message.type === "close") say({ type: "closed" });
  });

/** A worker that opens and then says nothing more. */
const mute = (first = opened) => new ScriptedWorker((message, say) => message.type === "open" && say(first));

/** A page on its own, whose workers are these, one after another. */
function platform(workers: ScriptedWorker[], id: string | null = null): TabPlatform {
  const waiting = [...workers];
  return {
    startWorker: async () => ({ worker: waiting.shift()!, id }),
    join: () => undefined,
    connect: () => undefined,
    brokerPort: () => undefined,
    watchLife,
    isHeldAlone: async () => false,
    mayBeLed: async () => true,
    now: Date.now,
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

const PATIENCE = 60_000;

afterEach(() => {
  vi.unstubAllGlobals();
});

async function openOver(...workers: ScriptedWorker[]): Promise<Database> {
  return new Database("x", await TabTransport.open(platform(workers), wish, PATIENCE));
}

describe("a database in a worker", () => {
  test("sends all requests of a turn as one transferred message", async () => {
    const worker = echoing();
    const db = await openOver(worker);
    const replies = await Promise.all(["a", "b", "c"].map((body) => db.dispatch("T.Op", body)));
    expect(replies.map(({ body }) => new TextDecoder().decode(body))).toEqual(["a", "b", "c"]);
    expect(worker.heard.filter(({ type }) => type === "batch")).toHaveLength(1);
    expect(db.persistence).toBe("opfs");
  });

  test("is closed by its worker's word, and the worker is ended", async () => {
    const worker = echoing();
    const db = await openOver(worker);
    await db.close();
    expect(worker.terminated).toBe(1);
    await expect(db.dispatch("T.Op", "")).rejects.toMatchObject({ name: "DatabaseClosedError" });
  });

  test("rejects the requests the worker says have failed, and only those", async () => {
    const worker = mute();
    const db = await openOver(worker);
    const first = db.dispatch("T.Op", "1");
    const second = db.dispatch("T.Op", "2");
    await vi.waitFor(() => expect(worker.heard).toHaveLength(2));
    worker.say({ type: "failed", ids: [1], error: { name: "EngineCrashedError", message: "dead" } });
    await expect(first).rejects.toBeInstanceOf(EngineCrashedError);
    worker.say(replies([{ id: 2, status: 200, body: new Uint8Array() }]));
    expect((await second).status).toBe(200);
  });
});

describe("opening", () => {
  test("rejects with what the worker says, and ends the worker", async () => {
    const worker = new ScriptedWorker((_message, say) =>
      say({ type: "openFailed", error: { name: "DatabaseBusyError", message: "busy" } }),
    );
    await expect(TabTransport.open(platform([worker]), wish, PATIENCE)).rejects.toBeInstanceOf(DatabaseBusyError);
    expect(worker.terminated).toBe(1);
  });

  test("rejects with AssetLoadError when the script cannot be loaded", async () => {
    const worker = new ScriptedWorker(() => worker.fail());
    await expect(TabTransport.open(platform([worker]), wish, PATIENCE)).rejects.toBeInstanceOf(AssetLoadError);
  });

  test("rejects with WorkerLostError when the script throws", async () => {
    const worker = new ScriptedWorker(() => worker.fail("Uncaught ReferenceError: x"));
    await expect(TabTransport.open(platform([worker]), wish, PATIENCE)).rejects.toThrow(/ReferenceError/);
  });

  test("rejects a worker of another release", async () => {
    const worker = new ScriptedWorker((_message, say) => say({ ...opened, version: PROTOCOL_VERSION + 1 } as FromWorker));
    await expect(TabTransport.open(platform([worker]), wish, PATIENCE)).rejects.toBeInstanceOf(VersionMismatchError);
  });
});

describe("a worker that is lost", () => {
  const losses: [string, (worker: ScriptedWorker) => void][] = [
    ["by an uncaught error", (worker) => worker.fail("boom")],
    ["by a message that cannot be read", (worker) => worker.dispatchEvent(new Event("messageerror"))],
  ];
  test.each(losses)("%s with a database in memory rejects everybody who waits, and everybody who comes later", async (_how, lose) => {
    const worker = mute(openedInMemory);
    const db = await openOver(worker);
    const waiting = [db.dispatch("T.Op", "1"), db.counters(), db.dispatch("T.Op", "2")];
    const outcomes = Promise.allSettled(waiting);
    await vi.waitFor(() => expect(worker.heard).toHaveLength(3));
    lose(worker);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(WorkerLostError) });
    await expect(db.dispatch("T.Op", "")).rejects.toBeInstanceOf(WorkerLostError);
    await expect(db.counters()).rejects.toBeInstanceOf(WorkerLostError);
    await db.close();
  });

  test.each(losses)("%s with a durable database is replaced, and what was not answered is sent again", async (_how, lose) => {
    const [first, second] = [mute(), echoing()];
    const db = await openOver(first, second);
    const waiting = [db.dispatch("T.Op", "1"), db.dispatch("T.Op", "2")];
    await vi.waitFor(() => expect(first.heard).toHaveLength(2));
    first.say(replies([{ id: 1, status: 200, body: new Uint8Array() }]));
    lose(first);
    expect((await Promise.all(waiting)).map(({ body }) => new TextDecoder().decode(body))).toEqual(["", "2"]);
    expect(second.heard).toContainEqual(expect.objectContaining({ type: "batch", again: true, confirmed: 1 }));
    expect(first.terminated).toBe(1);
  });

  test("over a request, again and again, is not given it a fourth time", async () => {
    const dying = () =>
      new ScriptedWorker((message, say) => {
        if (message.type === "open") say(opened);
        else if (message.type === "batch") throw new Error("never heard");
      });
    const workers = [dying(), dying(), dying(), echoing()];
    for (const worker of workers.slice(0, 3)) {
      worker.postMessage = (message: ToWorker) => {
        queueMicrotask(() => (message.type === "open" ? worker.say(opened) : worker.fail("boom")));
      };
    }
    const db = await openOver(...workers);
    await expect(db.dispatch("T.Op", "poison")).rejects.toBeInstanceOf(WorkerLostError);
    expect((await db.dispatch("T.Op", "food")).status).toBe(200);
  });

  test("without a word is noticed, because the lock it held becomes free", async () => {
    let grant = () => {};
    const locks = {
      request: (_name: string, _options: LockOptions, callback: () => void) =>
        new Promise<void>((resolve) => {
          grant = () => {
            callback();
            resolve();
          };
        }),
    };
    vi.stubGlobal("navigator", { locks });
    const worker = new ScriptedWorker((message, say) => {
      if (message.type !== "open") return;
      expect(message.worker).toBe("life");
      say({ type: "alive" });
      say(openedInMemory);
    });
    const db = new Database("x", await TabTransport.open(platform([worker], "life"), wish, PATIENCE));
    const waiting = db.dispatch("T.Op", "");
    await vi.waitFor(() => expect(worker.heard).toHaveLength(2));
    grant();
    await expect(waiting).rejects.toBeInstanceOf(WorkerLostError);
  });

  test("while it closes does not keep the caller waiting", async () => {
    const worker = mute(openedInMemory);
    const db = await openOver(worker);
    const closing = db.close();
    await vi.waitFor(() => expect(worker.heard).toHaveLength(2));
    worker.fail("boom");
    await closing;
  });
});

describe("a worker that does not answer", () => {
  test("has its calls rejected after a while; they are settled when it answers, and by their ids", async () => {
    const worker = mute();
    const db = new Database("x", await TabTransport.open(platform([worker]), wish, 40));
    const late = db.dispatch("T.Op", "1").catch((error: LeaderUnresponsiveError) => error);
    const identified = db.dispatch("T.Op", "2", { id: "mine" });
    await expect(identified).rejects.toBeInstanceOf(LeaderUnresponsiveError);
    const again = db.dispatch("T.Op", "2", { id: "mine" });
    expect(worker.heard).toContainEqual({ type: "ping" });
    const body = (text: string) => new TextEncoder().encode(text);
    worker.say(
      replies([
        { id: 1, status: 200, body: body("one") },
        { id: 2, status: 200, body: body("two") },
      ]),
    );
    const { settled } = (await late) as LeaderUnresponsiveError;
    expect(await settled).toEqual({ status: 200, body: body("one") });
    expect((await again).body).toEqual(body("two"));
    // Nothing was sent for the second call of that id.
    expect(worker.heard.filter(({ type }) => type === "batch")).toHaveLength(1);
  });

  test("is given the time it needs as long as it shows that it lives", async () => {
    const worker = new ScriptedWorker((message, say) => {
      if (message.type === "open") say(opened);
      else if (message.type === "ping") say({ type: "pong" });
    });
    const db = new Database("x", await TabTransport.open(platform([worker]), wish, 20));
    const waiting = db.dispatch("T.Op", "1");
    await vi.waitFor(() => expect(worker.heard.filter(({ type }) => type === "ping").length).toBeGreaterThan(8));
    worker.say(replies([{ id: 1, status: 200, body: new Uint8Array() }]));
    expect((await waiting).status).toBe(200);
  });
});
