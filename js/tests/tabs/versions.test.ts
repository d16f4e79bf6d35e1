/** Tabs of two releases: the newer one gets the database, the older one is told, and what it had accepted is answered first. */
import { expect, test, vi } from "vitest";
import { packReplies } from "../../src/batch.ts";
import { Database } from "../../src/database.ts";
import { VersionMismatchError } from "../../src/errors.ts";
import { type FromWorker, PROTOCOL_VERSION, type TabMessage, type ToWorker } from "../../src/protocol.ts";
import type { WorkerLike } from "../../src/tabs/own-worker.ts";
import type { TabPlatform } from "../../src/tabs/platform.ts";
import { type OpenWish, TabTransport } from "../../src/tabs/tab-transport.ts";
import { TabWorker } from "../../src/tabs/tab-worker.ts";

const NEWER = PROTOCOL_VERSION + 1;
const wish: OpenWish = {
  name: "x",
  client: "client",
  persistence: "auto",
  durability: "strict",
  engine: { durability: "strict" },
  wasm: { engine: "e", sqlJs: "s", waSqlite: "w" },
  multiTab: undefined,
};

/** A worker that says what the test has it say. */
class Puppet extends EventTarget implements WorkerLike {
  heard: ToWorker[] = [];
  terminated = false;
  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }
  say(message: FromWorker): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: message }));
  }
  terminate(): void {
    this.terminated = true;
  }
}

/** A page among others. */
class Stage {
  readonly worker = new Puppet();
  readonly posted: TabMessage[] = [];
  hear: (message: TabMessage) => void = () => {};
  left = false;

  readonly platform: TabPlatform = {
    startWorker: async () => ({ worker: this.worker, id: "own" }),
    join: (hear) => {
      this.hear = hear;
      return {
        post: (message) => this.posted.push(message),
        close: () => {
          this.left = true;
        },
      };
    },
    connect: () => undefined,
    brokerPort: () => undefined,
    watchLife: () => {},
    isHeldAlone: async () => false,
    mayBeLed: async () => true,
    now: Date.now,
    later: () => () => {},
  };

  open(): Promise<TabTransport> {
    return TabTransport.open(this.platform, wish, 60_000);
  }

  async openLeading(): Promise<Database> {
    const opening = this.open();
    await vi.waitFor(() => expect(this.worker.heard).toHaveLength(1));
    this.worker.say({ type: "leading" });
    this.worker.say({ type: "opened", version: PROTOCOL_VERSION, persistence: "opfs" });
    return new Database("x", await opening);
  }
}

test("a tab that finds a newer one leading is told so, and leaves the queue", async () => {
  const stage = new Stage();
  const opening = stage.open();
  await vi.waitFor(() => expect(stage.worker.heard).toHaveLength(1));
  stage.hear({ type: "leads", version: NEWER, leader: "other" });
  await expect(opening).rejects.toBeInstanceOf(VersionMismatchError);
  expect([stage.worker.terminated, stage.left]).toEqual([true, true]);
});

test("an older leader is asked to yield, and not followed", async () => {
  const stage = new Stage();
  const opening = stage.open();
  await vi.waitFor(() => expect(stage.worker.heard).toHaveLength(1));
  expect(stage.posted).toEqual([{ type: "seek", version: PROTOCOL_VERSION }]);
  stage.hear({ type: "leads", version: PROTOCOL_VERSION - 1, leader: "other" });
  expect(stage.posted).toHaveLength(1);
  stage.worker.say({ type: "leading" });
  stage.worker.say({ type: "opened", version: PROTOCOL_VERSION, persistence: "opfs" });
  expect((await opening).opened.persistence).toBe("opfs");
});

test("a page whose worker leads has its calls answered before it gives way to a newer tab, and none after", async () => {
  const stage = new Stage();
  const db = await stage.openLeading();
  const before = db.dispatch("T.Op", "");
  await vi.waitFor(() => expect(stage.worker.heard.at(-1)?.type).toBe("batch"));
  stage.hear({ type: "seek", version: NEWER });
  await expect(db.dispatch("T.Op", "")).rejects.toBeInstanceOf(VersionMismatchError);
  const { buffer, length } = packReplies([{ id: 1, status: 200, body: new Uint8Array() }]);
  stage.worker.say({ type: "replies", packed: buffer, length });
  expect((await before).status).toBe(200);
  stage.worker.say({ type: "yielded" });
  expect([stage.worker.terminated, stage.left]).toEqual([true, true]);
});

test("a page that waits for its turn when a newer tab comes waits no longer, and ends with its leader", async () => {
  const stage = new Stage();
  const opening = stage.open();
  await vi.waitFor(() => expect(stage.worker.heard).toHaveLength(1));
  stage.hear({ type: "leads", version: PROTOCOL_VERSION, leader: "other" });
  const relay = (message: FromWorker) =>
    stage.hear({ type: "relay", from: "other", to: "client", message: message as Extract<TabMessage, { type: "relay" }>["message"] });
  relay({ type: "opened", version: PROTOCOL_VERSION, persistence: "opfs" });
  const db = new Database("x", await opening);
  const before = db.dispatch("T.Op", "");
  await vi.waitFor(() => expect(stage.posted.at(-1)).toMatchObject({ type: "relay", message: { type: "batch" } }));
  stage.hear({ type: "seek", version: NEWER });
  expect([stage.worker.terminated, stage.left]).toEqual([true, false]);
  relay({ type: "yielded" });
  // It was not accepted.
  await expect(before).rejects.toBeInstanceOf(VersionMismatchError);
});

test("a worker that leads answers what it has accepted, closes the database and then tells everyone", async () => {
  const said: string[] = [];
  let hear: (message: TabMessage) => void = () => {};
  let finish = () => {};
  const worker = new TabWorker({
    say: ({ type }) => said.push(type),
    end: () => said.push("end"),
    hold: async () => () => {},
    lockOf: () => "lock",
    takeAlone: async () => () => {},
    join: (_name, listener) => {
      hear = listener;
      return { post: (message) => said.push(message.type === "relay" ? `relay ${message.message.type}` : message.type), close: () => {} };
    },
    async open(_message, take) {
      await take(true);
      const close = () =>
        new Promise<void>((resolve) => {
          finish = () => {
            said.push("closed");
            resolve();
          };
        });
      const host = { followed: false, submit: () => said.push("submit"), watch: () => {}, forget: () => {} };
      return { host, opened: { persistence: "opfs" }, answer: async () => undefined, close };
    },
    hasOtherClients: async () => false,
  });
  worker.hear({ type: "open", version: PROTOCOL_VERSION, ...wish, worker: "own" });
  await vi.waitFor(() => expect(said).toEqual(["alive", "leading", "opening", "leads", "opened"]));
  const batch = { type: "batch", packed: new ArrayBuffer(0), length: 0, confirmed: 0, again: false } as const;
  const follower = (message: Extract<TabMessage, { type: "relay" }>["message"]) =>
    hear({ type: "relay", from: "client", to: "own", message });
  follower({ type: "hello", version: PROTOCOL_VERSION, client: "client" });
  follower(batch);
  hear({ type: "seek", version: NEWER });
  await vi.waitFor(() => expect(said.slice(5)).toEqual(["relay opened", "submit"]));
  await new Promise((resolve) => setTimeout(resolve, 5));
  // Too late to be accepted.
  follower(batch);
  finish();
  await vi.waitFor(() => expect(said.slice(7)).toEqual(["closed", "relay yielded", "yielded", "end"]));
});
