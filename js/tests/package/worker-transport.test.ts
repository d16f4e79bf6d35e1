import { afterEach, describe, expect, test, vi } from "vitest";
import { type PackedReply, packReplies, readRequests } from "../../src/batch.ts";
import { Database } from "../../src/database.ts";
import { AssetLoadError, DatabaseBusyError, EngineCrashedError, VersionMismatchError, WorkerLostError } from "../../src/errors.ts";
import { type FromWorker, PROTOCOL_VERSION, type ToWorker } from "../../src/protocol.ts";
import { type WorkerLike, WorkerTransport } from "../../src/worker-transport.ts";

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
const wish = {
  name: "x",
  persistence: "auto",
  durability: "strict",
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
const mute = () => new ScriptedWorker((message, say) => message.type === "open" && say(opened));

afterEach(() => {
  vi.unstubAllGlobals();
});

async function openOver(worker: ScriptedWorker): Promise<Database> {
  return new Database("x", await WorkerTransport.open(worker, wish));
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

  test("writes its next message into the buffer the replies came in", async () => {
    const worker = mute();
    const db = await openOver(worker);
    const answer = async (id: number, room: number) => {
      const asked = db.dispatch("T.Op", "");
      await vi.waitFor(() => expect(worker.heard).toHaveLength(id + 1));
      const bytes = new Uint8Array(room);
      const reply = packReplies([{ id, status: 200, body: new Uint8Array() }]);
      bytes.set(reply);
      worker.say({ type: "replies", packed: bytes.buffer, length: reply.length });
      await asked;
    };
    await answer(1, 5000);
    await answer(2, 100);
    await answer(3, 100);
    const rooms = worker.heard.flatMap((message) => (message.type === "batch" ? [message.packed.byteLength] : []));
    expect(rooms).toEqual([1024, 5000, 100]);
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
    await expect(WorkerTransport.open(worker, wish)).rejects.toBeInstanceOf(DatabaseBusyError);
    expect(worker.terminated).toBe(1);
  });

  test("rejects with AssetLoadError when the script cannot be loaded", async () => {
    const worker = new ScriptedWorker(() => worker.fail());
    await expect(WorkerTransport.open(worker, wish)).rejects.toBeInstanceOf(AssetLoadError);
  });

  test("rejects with WorkerLostError when the script throws", async () => {
    const worker = new ScriptedWorker(() => worker.fail("Uncaught ReferenceError: x"));
    await expect(WorkerTransport.open(worker, wish)).rejects.toThrow(/ReferenceError/);
  });

  test("rejects a worker of another release", async () => {
    const worker = new ScriptedWorker((_message, say) => say({ ...opened, version: PROTOCOL_VERSION + 1 } as FromWorker));
    await expect(WorkerTransport.open(worker, wish)).rejects.toBeInstanceOf(VersionMismatchError);
  });
});

describe("a worker that is lost", () => {
  const losses: [string, (worker: ScriptedWorker) => void][] = [
    ["by an uncaught error", (worker) => worker.fail("boom")],
    ["by a message that cannot be read", (worker) => worker.dispatchEvent(new Event("messageerror"))],
  ];
  test.each(losses)("%s rejects everybody who waits, and everybody who comes later", async (_how, lose) => {
    const worker = mute();
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
      expect(message.lifeLock).toMatch(/^dynatab-worker:/);
      say({ type: "alive" });
      say(opened);
    });
    const db = await openOver(worker);
    const waiting = db.dispatch("T.Op", "");
    await vi.waitFor(() => expect(worker.heard).toHaveLength(2));
    grant();
    await expect(waiting).rejects.toBeInstanceOf(WorkerLostError);
  });

  test("while it closes does not keep the caller waiting", async () => {
    const worker = mute();
    const db = await openOver(worker);
    const closing = db.close();
    await vi.waitFor(() => expect(worker.heard).toHaveLength(2));
    worker.fail("boom");
    await closing;
  });
});
