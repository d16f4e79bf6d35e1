/** What runs alone on a host's connection (whole databases out and in): between batches, never beside them, and nothing waits for ever. */
import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/connection.ts";
import { Database } from "../../src/database.ts";
import { loadDatabase } from "../../src/dump/dump.ts";
import type { Exchange } from "../../src/dump/exchange.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { InProcessTransport } from "../../src/in-process.ts";
import { type FakeWorld, fakeWorld, ok } from "./fake-engine.ts";

async function start(): Promise<{ world: FakeWorld; host: EngineHost; db: Database }> {
  const world = fakeWorld((operation) => (operation === "Trap" ? "trap" : ok({})));
  const host = await EngineHost.open(world.setup);
  return { world, host, db: new Database("alone", new InProcessTransport(host, { persistence: "memory" })) };
}

/** A task that ends when it is told to. */
function task(): { run: (connection: Connection) => Promise<string>; end(): void; begun: () => boolean } {
  let end = () => {};
  let begun = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    run: async () => {
      begun = true;
      await ended;
      return "done";
    },
    end: () => end(),
    begun: () => begun,
  };
}

describe("what runs alone", () => {
  test("waits for the batch under way, and requests wait for it", async () => {
    const { world, host, db } = await start();
    world.asynchronous = true;
    const first = db.execute("ListTables", {});
    await new Promise((resolve) => setTimeout(resolve));
    const alone = task();
    const running = host.alone(alone.run);
    expect(alone.begun()).toBe(false);
    world.connections[0]!.answered(0);
    await first;
    world.asynchronous = false;
    await expect.poll(alone.begun).toBe(true);
    const second = db.execute("DescribeLimits", {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(world.batches).toEqual([["ListTables"]]);
    alone.end();
    expect(await running).toBe("done");
    await second;
    expect(world.batches).toEqual([["ListTables"], ["DescribeLimits"]]);
  });

  test("closing waits for it, and nothing begins afterwards", async () => {
    const { world, host, db } = await start();
    const alone = task();
    const running = host.alone(alone.run);
    const closing = db.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(world.connections[0]!.closed).toBe(0);
    alone.end();
    await Promise.all([running, closing]);
    expect(world.connections[0]!.closed).toBe(1);
    await expect(host.alone(alone.run)).rejects.toMatchObject({ name: "DatabaseClosedError" });
  });

  test("that fails fails by itself", async () => {
    const { host, db } = await start();
    await expect(host.alone(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    await expect(db.execute("ListTables", {})).resolves.toBeDefined();
  });

  test("begins with a new engine after a crash", async () => {
    const { world, host, db } = await start();
    await expect(db.dispatch("DynamoDB_20120810.Trap", "")).rejects.toMatchObject({ name: "EngineCrashedError" });
    expect(await host.alone(async (connection) => connection)).toBe(world.connections[0]);
    expect(world.engines).toBe(3);
  });
});

/** The first bytes of a database of ours. */
function header(): Blob {
  const bytes = new Uint8Array(512);
  bytes.set(new TextEncoder().encode("SQLite format 3\0"));
  const view = new DataView(bytes.buffer);
  view.setUint16(16, 512);
  view.setUint32(28, 1);
  view.setUint32(68, 0x6479_7461);
  return new Blob([bytes]);
}

test("what came in and cannot be opened is discarded, and never accepted", async () => {
  const { world, host, db } = await start();
  const happened: string[] = [];
  const exchange: Exchange = {
    dump: async () => new Blob(),
    dumpInto: async () => {},
    receive: async () => ({
      connect: () => Promise.reject(new Error("cannot be opened")),
      async accept() {
        happened.push("accepted");
        return undefined;
      },
      discard: () => void happened.push("discarded"),
    }),
  };
  Object.assign(world.connections[0]!, { exchange });
  await expect(loadDatabase(host, header())).rejects.toMatchObject({ name: "OpenFailedError" });
  expect(happened).toEqual(["discarded"]);
  await expect(db.execute("ListTables", {})).resolves.toBeDefined();
});
