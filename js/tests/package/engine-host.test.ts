import { afterEach, describe, expect, test, vi } from "vitest";
import { BatchWriter, packReplies, readReplies } from "../../src/batch.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { DatabaseClosedError, EngineCrashedError, OpenFailedError, VersionMismatchError } from "../../src/errors.ts";
import { type FakeWorld, fakeWorld, ok, openFake } from "./fake-engine.ts";

const echo = (operation: string, body: string) => ok({ operation, body });
const json = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

afterEach(() => {
  vi.useRealTimers();
});

describe("requests", () => {
  test("of one turn reach the engine as one batch, and each gets its own reply", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => db.dispatch(`T.Op${index}`, `${index}`)));
    expect(replies.map(({ body }) => json(body))).toEqual(
      Array.from({ length: 50 }, (_, index) => ({ operation: `Op${index}`, body: `${index}` })),
    );
    expect(world.batches).toHaveLength(1);
    expect((await db.counters()).requests).toBe(50);
  });

  test("that gather over several rounds of microtasks still make one batch", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    const late = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) await undefined;
      return db.dispatch("T.Op", "");
    };
    await Promise.all([late(0), late(1), late(2), late(3)]);
    expect(world.batches).toEqual([["Op", "Op", "Op", "Op"]]);
  });

  test("that are traced make a batch of their own, in their turn", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    const onTrace = () => {};
    await Promise.all([
      db.dispatch("T.A", ""),
      db.dispatch("T.B", ""),
      db.dispatch("T.Traced", "", { onTrace }),
      db.dispatch("T.C", ""),
      db.dispatch("T.D", ""),
    ]);
    expect(world.batches).toEqual([["A", "B"], ["Traced"], ["C", "D"]]);
  });

  test("wait while the engine waits for an asynchronous driver, and then go as one batch", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    world.asynchronous = true;
    const first = db.dispatch("T.First", "");
    await vi.waitFor(() => expect(world.connections).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = db.dispatch("T.Second", "");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const third = db.dispatch("T.Third", "");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(world.batches).toEqual([]);
    world.asynchronous = false;
    world.connections[0]!.answered(0);
    await Promise.all([first, second, third]);
    expect(world.batches).toEqual([["First"], ["Second", "Third"]]);
  });

  test("that the engine leaves unanswered are rejected instead of hanging", async () => {
    const db = await openFake(fakeWorld((operation) => (operation === "Quiet" ? "silence" : ok({}))));
    const [quiet, other] = await Promise.allSettled([db.dispatch("T.Quiet", ""), db.dispatch("T.Other", "")]);
    expect(quiet).toMatchObject({ status: "rejected", reason: { name: "EngineCrashedError" } });
    expect(other.status).toBe("fulfilled");
  });

  test("are answered in the buffer they came in, if the replies fit, and in any case alone in theirs", async () => {
    const host = await EngineHost.open(fakeWorld(echo).setup);
    const answered = (requests: number, room: number) => {
      const writer = new BatchWriter();
      writer.reuse(new ArrayBuffer(room));
      for (let id = 1; id <= requests; id += 1) writer.add(id, `T.Op${id}`, "");
      const batch = writer.take();
      return new Promise<[boolean, number[]]>((resolve) => {
        const replies = (packed: Uint8Array) => resolve([packed.buffer === batch.buffer, readReplies(packed).map(({ id }) => id)]);
        host.submit(batch, { replies, failed: () => {}, overdue: () => {}, lost: () => {} });
      });
    };
    expect(await Promise.all([answered(2, 5000)])).toEqual([[true, [1, 2]]]);
    expect(await Promise.all([answered(1, 20)])).toEqual([[false, [1]]]);
    // Two clients in one batch of the engine: both count from 1.
    expect(await Promise.all([answered(2, 5000), answered(1, 5000)])).toEqual([
      [false, [1, 2]],
      [false, [1]],
    ]);
    await host.close();
  });

  test("keep the bytes of their answers when their buffer serves the next ones", async () => {
    const db = await openFake(fakeWorld(echo));
    const first = await db.dispatch("T.First", "");
    await db.dispatch("T.Second", "x".repeat(500));
    await db.dispatch("T.Third", "y".repeat(500));
    expect(json(first.body)).toEqual({ operation: "First", body: "" });
    expect(first.body.buffer.byteLength).toBe(first.body.length);
  });

  test("answered twice, or out of order, are told from those that are not", async () => {
    const world = fakeWorld(echo);
    const shuffled = (ids: number[]) => packReplies(ids.map((id) => ({ id, status: 200, body: new TextEncoder().encode(`${id}`) })));
    const db = await openFake(world);
    const ask = () => Promise.allSettled(["a", "b"].map((body) => db.dispatch("T.Op", body)));
    world.reply = () => shuffled([2, 1]);
    expect((await ask()).map((outcome) => outcome.status === "fulfilled" && json(outcome.value.body))).toEqual([1, 2]);
    world.reply = () => shuffled([3, 3]);
    for (const outcome of await ask()) expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(EngineCrashedError) });
  });

  test("that DynamoDB refuses reject with an error whose stack leads to the caller", async () => {
    const db = await openFake(fakeWorld(() => ({ status: 400, body: { __type: "x#ValidationException", message: "no" } })));
    const theCaller = async () => {
      await db.execute("ListTables", {});
    };
    expect((await theCaller().catch((error: Error) => error))?.stack).toContain("theCaller");
  });

  test("larger than the engine's memory was come through, the memory having grown", async () => {
    const db = await openFake(fakeWorld(echo));
    const big = "x".repeat(3 << 20);
    expect(json((await db.dispatch("T.Big", big)).body).body).toBe(big);
  });
});

describe("a trap", () => {
  const world = () => fakeWorld((operation) => (operation === "Trap" ? "trap" : ok({})));

  test("lets the batch run again one by one where nothing of it was committed, and the culprit is told that it changed nothing", async () => {
    const fake = world();
    const db = await openFake(fake);
    const [before, trapped, after] = await Promise.allSettled([
      db.dispatch("T.Before", ""),
      db.dispatch("T.Trap", ""),
      db.dispatch("T.After", ""),
    ]);
    for (const outcome of [before, after]) expect(outcome).toMatchObject({ status: "fulfilled", value: { status: 200 } });
    expect(trapped).toMatchObject({ status: "rejected", reason: expect.any(EngineCrashedError) });
    expect((trapped as PromiseRejectedResult).reason.message).toContain("has changed nothing");
    expect(fake.batches).toEqual([["Before", "Trap", "After"], ["Before"], ["Trap"], ["After"]]);
    expect((await db.dispatch("T.Next", "")).status).toBe(200);
    expect((await db.counters()).epochs).toBe(3);
  });

  test("rejects everybody who waits where something of the batch was committed, and the next call works", async () => {
    const fake: FakeWorld = fakeWorld((operation) => {
      if (operation === "Commit") fake.connections[0]!.commits += 1;
      return operation === "Trap" ? "trap" : ok({});
    });
    const db = await openFake(fake);
    const waiting = await Promise.allSettled([db.dispatch("T.Commit", ""), db.dispatch("T.Trap", ""), db.dispatch("T.After", "")]);
    for (const outcome of waiting) {
      expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(EngineCrashedError) });
      expect((outcome as PromiseRejectedResult).reason.message).toContain("is unknown; read before you repeat it");
    }
    expect((await db.dispatch("T.Next", "")).status).toBe(200);
    expect((await db.counters()).epochs).toBe(2);
  });

  test("does not concern those who wait behind the batch: the next engine answers them", async () => {
    const fake = world();
    const db = await openFake(fake);
    fake.asynchronous = true;
    const trapped = db.dispatch("T.Trap", "");
    trapped.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    const behind = db.dispatch("T.Behind", "");
    behind.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    fake.asynchronous = false;
    fake.connections[0]!.answered(0);
    await expect(trapped).rejects.toBeInstanceOf(EngineCrashedError);
    expect((await behind).status).toBe(200);
    expect(fake.engines).toBe(3);
  });

  test("of requests the ledger knows lets them run again one by one, so that only the culprit is rejected, at its second trap", async () => {
    const fake = world();
    fake.volatile = false;
    const host = await EngineHost.open(fake.setup);
    const writer = new BatchWriter();
    ["Before", "Trap", "After"].forEach((operation, at) => {
      writer.add(at + 1, `T.${operation}`, "");
    });
    const answered: number[] = [];
    const failed = new Map<number, string>();
    await new Promise<void>((resolve) => {
      const heard = () => answered.length + failed.size === 3 && resolve();
      const sink = {
        replies: (packed: Uint8Array) => {
          answered.push(...readReplies(packed).map(({ id }) => id));
          heard();
        },
        failed: (ids: readonly number[], error: Error) => {
          for (const id of ids) failed.set(id, error.name);
          heard();
        },
        overdue: () => {},
        lost: () => {},
      };
      host.submit(writer.take(), sink, { client: "A", confirmed: 0, again: false });
    });
    expect(answered).toEqual([1, 3]);
    expect([...failed]).toEqual([[2, "EngineCrashedError"]]);
    expect(fake.batches).toEqual([["Before", "Trap", "After"], ["Before"], ["Trap"], ["After"]]);
    expect(fake.engines).toBe(3);
  });

  test("keeps a connection whose data lives in it, rolled back", async () => {
    const fake = world();
    const db = await openFake(fake);
    await db.dispatch("T.Trap", "").catch(() => {});
    await db.dispatch("T.Next", "");
    expect(fake.connections).toHaveLength(1);
    expect(fake.connections[0]).toMatchObject({ recovered: 2, closed: 0 });
  });

  test("closes a connection to durable data and opens a new one, counting on", async () => {
    const fake = world();
    fake.volatile = false;
    const db = await openFake(fake);
    fake.connections[0]!.counters.crossings = 5;
    await db.dispatch("T.Trap", "").catch(() => {});
    await db.dispatch("T.Next", "");
    expect(fake.connections).toHaveLength(3);
    for (const connection of fake.connections.slice(0, 2)) expect(connection).toMatchObject({ recovered: 0, closed: 1 });
    fake.connections[2]!.counters.crossings = 2;
    expect((await db.counters()).crossings).toBe(7);
  });

  test("after which the database cannot be opened again rejects the next call with the reason, and lets a later one try", async () => {
    const fake = world();
    const db = await openFake(fake);
    await db.dispatch("T.Trap", "").catch(() => {});
    fake.refusal = JSON.stringify({ name: "VersionMismatchError", message: "newer" });
    await expect(db.dispatch("T.Next", "")).rejects.toBeInstanceOf(VersionMismatchError);
    fake.refusal = "";
    expect((await db.dispatch("T.Next", "")).status).toBe(200);
  });
});

describe("opening", () => {
  test("rejects with the error the engine names, and leaves nothing open", async () => {
    const world = fakeWorld(echo);
    world.volatile = false;
    world.refusal = JSON.stringify({ name: "VersionMismatchError", message: "This database is newer." });
    await expect(EngineHost.open(world.setup)).rejects.toThrow(VersionMismatchError);
    expect(world.connections[0]!.closed).toBe(1);
  });

  test("wraps what the connection throws", async () => {
    const world = fakeWorld(echo);
    world.setup.connect = () => Promise.reject(new RangeError("no"));
    await expect(EngineHost.open(world.setup)).rejects.toThrow(OpenFailedError);
  });
});

describe("closing", () => {
  test("finishes what was asked before, refuses what is asked after, and closes once", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    const before = db.dispatch("T.Before", "");
    const closing = db.close();
    await expect(db.dispatch("T.After", "")).rejects.toBeInstanceOf(DatabaseClosedError);
    expect((await before).status).toBe(200);
    await closing;
    await db.close();
    expect(world.connections[0]!.closed).toBe(1);
  });

  test("waits for a pending batch", async () => {
    const world = fakeWorld(echo);
    const db = await openFake(world);
    world.asynchronous = true;
    const pending = db.dispatch("T.Slow", "");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const closing = db.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(world.connections[0]!.closed).toBe(0);
    world.connections[0]!.answered(0);
    expect((await pending).status).toBe(200);
    await closing;
    expect(world.connections[0]!.closed).toBe(1);
  });
});

test("upkeep comes when nothing has happened for a while, and not before", async () => {
  const world = fakeWorld(echo);
  const db = await openFake(world);
  await db.dispatch("T.Op", "");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await db.dispatch("T.Op", "");
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect(world.connections[0]!.idled).toBe(0);
  await vi.waitFor(() => expect(world.connections[0]!.idled).toBe(1), { timeout: 2000 });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(world.connections[0]!.idled).toBe(1);
});

describe("work behind the requests", () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("is done after opening, and again when the engine says so", async () => {
    const world = fakeWorld(echo);
    const delays = [0, 0, 10, 60_000];
    let steps = 0;
    world.work = () => {
      steps += 1;
      return delays.shift() ?? 60_000;
    };
    await openFake(world);
    await vi.waitFor(() => expect(steps).toBe(4));
    await pause(30);
    expect(steps).toBe(4);
  });

  test("is asked for after requests, which may have left some", async () => {
    const world = fakeWorld(echo);
    const order: string[] = [];
    let left = 0;
    world.work = () => {
      order.push("work");
      left -= 1;
      return left > 0 ? 0 : 60_000;
    };
    const db = await openFake(world);
    await vi.waitFor(() => expect(order).toEqual(["work"]));
    left = 3;
    await db.dispatch("T.First", "").then(() => order.push("first"));
    await vi.waitFor(() => expect(order).toEqual(["work", "first", "work", "work", "work"]));
  });

  test("comes between batches of requests that never cease", async () => {
    const world = fakeWorld(echo);
    // What arrives waits for the end of a turn, so that no timer ever finds the queue empty.
    world.setup.hop = setImmediate;
    let steps = 0;
    world.work = () => {
      steps += 1;
      return 0;
    };
    const db = await openFake(world);
    let asking = true;
    const ask = async () => {
      while (asking) await db.dispatch("T.Op", "");
    };
    const clients = [ask(), ask()];
    const before = steps;
    await vi.waitFor(() => expect(steps).toBeGreaterThan(before + 10));
    asking = false;
    await Promise.all(clients);
  });

  test("leaves the copying of the log until a request that came meanwhile is answered", async () => {
    const order: string[] = [];
    const world = fakeWorld(() => {
      order.push("request");
      return ok({});
    });
    const db = await openFake(world);
    world.connections[0]!.onWorked = () => order.push("log");
    world.work = () => {
      order.push("work");
      if (order.length === 1) setImmediate(() => void db.dispatch("T.Op", ""));
      return 60_000;
    };
    await db.dispatch("T.First", "");
    order.length = 0;
    await vi.waitFor(() => expect(order.length).toBeGreaterThan(3));
    expect(order.slice(0, 3)).toEqual(["work", "request", "log"]);
  });

  test("that kills the engine leaves the next request a new one", async () => {
    const world = fakeWorld(echo);
    let died = false;
    world.work = () => {
      if (died) return 60_000;
      died = true;
      throw new WebAssembly.RuntimeError("unreachable");
    };
    const db = await openFake(world);
    await vi.waitFor(() => expect(died).toBe(true));
    expect(world.engines).toBe(1);
    await db.dispatch("T.Op", "");
    expect(world.engines).toBe(2);
  });

  test("ends with the database", async () => {
    const world = fakeWorld(echo);
    let steps = 0;
    world.work = () => {
      steps += 1;
      return 1;
    };
    const db = await openFake(world);
    await vi.waitFor(() => expect(steps).toBeGreaterThan(5));
    await db.close();
    const before = steps;
    await pause(30);
    expect(steps).toBe(before);
  });
});
