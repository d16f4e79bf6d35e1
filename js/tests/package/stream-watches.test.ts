/** The news that streams have changed: whom it reaches, how often, and over which ways. */
import { describe, expect, test } from "vitest";
import { BatchWriter } from "../../src/batch.ts";
import type { StreamListener } from "../../src/changes/listener.ts";
import { StreamWatches } from "../../src/changes/stream-watches.ts";
import { EngineHost } from "../../src/engine-host.ts";
import { type FromWorker, PROTOCOL_VERSION, type ToWorker } from "../../src/protocol.ts";
import type { WorkerLike } from "../../src/tabs/own-worker.ts";
import { TabTransport } from "../../src/tabs/tab-transport.ts";
import { type FakeWorld, fakeWorld, ok } from "./fake-engine.ts";

/** Notes what it is told; `all` where no table was named. */
class Notes implements StreamListener {
  readonly told: (readonly string[] | "all" | "replaced")[] = [];
  changed(tables?: readonly string[]): void {
    this.told.push(tables ?? "all");
  }
  replaced(): void {
    this.told.push("replaced");
  }
}

describe("a listener", () => {
  test("is told of what it watches, once, however often that changes", () => {
    const watches = new StreamWatches();
    const [a, b] = [new Notes(), new Notes()];
    watches.watch(["one", "two"], a);
    watches.watch(["two"], b);
    watches.changed(["none"]);
    for (let n = 0; n < 100; n += 1) watches.changed(["two", "three"]);
    expect([a.told, b.told]).toEqual([[["two"]], [["two"]]]);
    watches.watch(["two"], a);
    watches.changed(["one", "two"]);
    expect(a.told).toEqual([["two"], ["one", "two"]]);
    expect(watches.any).toBe(false);
  });

  test("is told once that anything may have changed", () => {
    const watches = new StreamWatches();
    const notes = new Notes();
    watches.watch(["one", "two"], notes);
    watches.anyChanged();
    watches.anyChanged();
    expect(notes.told).toEqual(["all"]);
  });

  test("is told of a replaced database though it watches nothing at the moment, until it is gone", () => {
    const watches = new StreamWatches();
    const [notes, gone] = [new Notes(), new Notes()];
    for (const listener of [notes, gone]) watches.watch(["one"], listener);
    watches.changed(["one"]);
    watches.forget(gone);
    watches.replaced();
    expect([notes.told, gone.told]).toEqual([[["one"], "replaced"], [["one"]]]);
  });
});

describe("the engine's host", () => {
  const none = { replies: () => {}, failed: () => {}, overdue: () => {}, lost: () => {} };

  async function openHost() {
    const asked = { times: 0 };
    const world: FakeWorld = fakeWorld((operation) => (operation === "Trap" ? "trap" : ok({})));
    const changed = world.changed;
    Object.defineProperty(world, "changed", {
      get() {
        asked.times += 1;
        return changed;
      },
    });
    const host = await EngineHost.open(world.setup);
    const request = async (operation: string) => {
      const writer = new BatchWriter();
      writer.add(1, `T.${operation}`, "{}");
      host.submit(writer.take(), none);
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    return { host, changed, asked, request, world };
  }

  test("asks the engine after every batch while somebody watches, and only then", async () => {
    const { host, changed, asked, request } = await openHost();
    const notes = new Notes();
    await request("Put");
    expect(asked.times).toBe(0);
    host.watch(["one"], notes);
    await request("Put");
    expect([asked.times, notes.told]).toEqual([1, []]);
    changed.push("one", "two");
    await request("Put");
    await request("Put");
    expect([asked.times, notes.told]).toEqual([2, [["one"]]]);
  });

  test("tells what the engine's own work has changed", async () => {
    const { host, changed, request, world } = await openHost();
    const notes = new Notes();
    world.work = () => {
      changed.push("swept");
      return 60_000;
    };
    host.watch(["swept"], notes);
    await request("Put");
    await expect.poll(() => notes.told).toEqual([["swept"]]);
  });

  test("tells everybody to look again when the engine has died", async () => {
    const { host, request } = await openHost();
    const notes = new Notes();
    host.watch(["one"], notes);
    await request("Trap");
    expect(notes.told).toEqual(["all"]);
  });
});

describe("a worker's page", () => {
  /** A worker that opens, and says what the test has it say. */
  class Opening extends EventTarget implements WorkerLike {
    heard: ToWorker[] = [];
    postMessage(message: ToWorker): void {
      this.heard.push(message);
      if (message.type === "open") queueMicrotask(() => this.say({ type: "opened", version: PROTOCOL_VERSION, persistence: "opfs" }));
    }
    say(message: FromWorker): void {
      this.dispatchEvent(Object.assign(new Event("message"), { data: message }));
    }
    terminate(): void {}
  }

  test("passes a watch on, hears the news, and has everybody look again when another worker has taken over", async () => {
    const workers = [new Opening(), new Opening()] as const;
    const [first, second] = workers;
    const waiting: Opening[] = [...workers];
    const platform = {
      startWorker: async () => ({ worker: waiting.shift()!, id: null }),
      join: () => undefined,
      connect: () => undefined,
      brokerPort: () => undefined,
      watchLife: () => {},
      isHeldAlone: async () => false,
      mayBeLed: async () => true,
      now: Date.now,
      later: () => () => {},
    };
    const wish = {
      name: "x",
      client: "client",
      persistence: "auto",
      durability: "strict",
      engine: { durability: "strict" },
      wasm: { engine: "e", sqlJs: "s", waSqlite: "w" },
      multiTab: undefined,
    } as const;
    const transport = await TabTransport.open(platform, wish, 60_000);
    const notes = new Notes();
    transport.watch(["one"], notes);
    expect(first.heard.at(-1)).toEqual({ type: "watch", tables: ["one"] });
    first.say({ type: "changed", tables: ["one"] });
    first.say({ type: "changed" });
    first.say({ type: "replaced" });
    expect(notes.told).toEqual([["one"], "all", "replaced"]);
    transport.watch(["two"], notes);
    first.dispatchEvent(Object.assign(new Event("error"), { message: "gone" }));
    expect(notes.told).toHaveLength(3);
    await expect.poll(() => notes.told).toEqual([["one"], "all", "replaced", "all"]);
    transport.watch(["two"], notes);
    expect(second.heard.at(-1)).toEqual({ type: "watch", tables: ["two"] });
  });
});
