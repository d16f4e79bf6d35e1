/** What an open database does by its options: made-up latency, telling a logger, giving up by a signal; and what it says of its storage. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { Database } from "../../src/database.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { EngineCrashedError, QuotaExceededError } from "../../src/errors.ts";
import { InProcessTransport } from "../../src/in-process.ts";
import type { Logger } from "../../src/logger.ts";
import { type CommonOptions, checkCommonOptions } from "../../src/options.ts";
import { askToPersist } from "../../src/storage-report.ts";
import { closedWhenAborted } from "../../src/until-aborted.ts";
import { givenModules } from "../../src/wasm-modules.ts";
import { fakeWorld, ok } from "./fake-engine.ts";

async function open(options: CommonOptions, persistence: "memory" | "opfs" = "memory", reason?: string) {
  const world = fakeWorld((operation) => {
    if (operation === "Trap") return "trap";
    if (operation === "Full") return { status: 400, body: { __type: "dynatab#QuotaExceededError", message: "no room" } };
    return ok({ TableNames: [] });
  });
  const opened = reason === undefined ? { persistence } : { persistence, reason };
  const db = new Database("options", new InProcessTransport(await EngineHost.open(world.setup), opened), options);
  return { world, db };
}

afterEach(() => vi.unstubAllGlobals());

describe("latency", () => {
  test("a request waits before the engine gets it, by its operation", async () => {
    const asked: string[] = [];
    const { db, world } = await open({
      latency(operation) {
        asked.push(operation);
        return operation === "PutItem" ? 30 : 0;
      },
    });
    const slow = db.execute("PutItem", { TableName: "T", Item: {} });
    await db.execute("ListTables", {});
    expect(world.batches).toEqual([["ListTables"]]);
    await slow;
    expect(world.batches).toEqual([["ListTables"], ["PutItem"]]);
    expect(asked).toEqual(["PutItem", "ListTables"]);
  });

  test("a body that is changed meanwhile is sent as it was", async () => {
    const { db } = await open({ latency: 1 });
    const body = new TextEncoder().encode("{}");
    const answer = db.dispatch("DynamoDB_20120810.ListTables", body);
    body.fill(0);
    expect((await answer).status).toBe(200);
  });

  test("a request that is aborted while it waits is never sent", async () => {
    const { db, world } = await open({ latency: 60_000 });
    const controller = new AbortController();
    const waiting = db.execute("ListTables", {}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(world.batches).toEqual([]);
  });

  test("close waits for it", async () => {
    const { db, world } = await open({ latency: 20 });
    const waiting = db.execute("ListTables", {});
    await db.close();
    await expect(waiting).resolves.toBeDefined();
    expect(world.batches).toEqual([["ListTables"]]);
  });

  test("must be a time", () => {
    for (const latency of [-1, Number.NaN, "1"]) expect(() => checkCommonOptions({ latency: latency as number })).toThrow("latency must");
    expect(() => checkCommonOptions({ latency: () => 3 })).not.toThrow();
  });
});

describe("a logger", () => {
  test("hears of opening, of every request, of what went wrong, and of closing", async () => {
    const heard: [keyof Logger, string][] = [];
    const level = (name: keyof Logger) => (message: string) => heard.push([name, message.replace(/after [\d.]+ ms/, "after N ms")]);
    const logger = { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
    const { db } = await open({ logger }, "memory", "there is no file system");
    await db.execute("ListTables", {});
    await expect(db.dispatch("DynamoDB_20120810.Trap", "")).rejects.toBeInstanceOf(EngineCrashedError);
    await db.close();
    expect(heard).toEqual([
      ["info", 'dynatab: "options" is open (memory)'],
      ["warn", 'dynatab: "options" is in memory and gone with the page: there is no file system'],
      ["debug", "dynatab: ListTables after N ms: 200"],
      ["warn", expect.stringContaining("dynatab: Trap after N ms: EngineCrashedError: ")],
      ["info", 'dynatab: "options" is closed'],
    ]);
  });

  test("that throws harms no request, and one that listens to nothing is fine", async () => {
    const thrower = () => {
      throw new Error("log");
    };
    for (const logger of [{ debug: thrower, info: thrower }, {}]) {
      const { db } = await open({ logger });
      await expect(db.execute("ListTables", {})).resolves.toBeDefined();
    }
  });
});

test("an error of the storage is one of the package's classes, with its message", async () => {
  const { db } = await open({});
  const failed = await db.execute("Full" as "ListTables", {}).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(QuotaExceededError);
  expect(failed).toMatchObject({ name: "QuotaExceededError", message: "no room" });
});

describe("a signal", () => {
  test("gives up opening, and what opens all the same is closed", async () => {
    let openNow = (_: { close(): Promise<void> }) => {};
    const opening = new Promise<{ close(): Promise<void> }>((resolve) => {
      openNow = resolve;
    });
    const controller = new AbortController();
    const opened = closedWhenAborted(opening, controller.signal);
    controller.abort(new Error("enough"));
    await expect(opened).rejects.toThrow("enough");
    const close = vi.fn(async () => {});
    openNow({ close });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  test("gives up waiting for counters and for what the storage says", async () => {
    const { db } = await open({});
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(db.counters({ signal })).rejects.toThrow("enough");
    await expect(db.storage({ signal })).rejects.toThrow("enough");
    await expect(db.stats({ signal })).rejects.toThrow("enough");
  });
});

describe("the storage's report", () => {
  test("has the browser's promise, usage and quota for a database in its file system", async () => {
    const persist = vi.fn(async () => true);
    vi.stubGlobal("navigator", {
      storage: { persist, persisted: async () => true, estimate: async () => ({ usage: 10, quota: 1000 }) },
    });
    askToPersist();
    expect(persist).toHaveBeenCalledOnce();
    const { db } = await open({}, "opfs");
    expect(await db.storage()).toEqual({ persistence: "opfs", persisted: true, usage: 10, quota: 1000 });
  });

  test("says why there is none for a database in memory", async () => {
    const { db } = await open({}, "memory", "there is no file system");
    expect(await db.storage()).toEqual({ persistence: "memory", reason: "there is no file system" });
  });

  test("survives browsers that cannot be asked, or refuse", () => {
    for (const storage of [{}, { persist: async () => Promise.reject(new Error("no")) }]) {
      vi.stubGlobal("navigator", { storage });
      expect(askToPersist).not.toThrow();
    }
  });
});

test("a module that is given must be one", () => {
  const engine = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  expect(givenModules(engine)).toEqual({ engine });
  expect(givenModules({ sqlJs: engine })).toEqual({ sqlJs: engine });
  expect(() => givenModules({ engine: new Uint8Array(3) as never })).toThrow("wasmModule.engine must be a WebAssembly.Module");
});
