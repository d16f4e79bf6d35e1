/** A client that can start no worker, as in a service worker: it has what the tabs have, for as long as there is one. */
import { expect, test } from "vitest";
import { PersistenceUnavailableError, WorkerLostError } from "../../src/errors.ts";
import { SimulatedTab, Site } from "./simulated-tab.ts";
import { World } from "./world.ts";

const PATIENCE = 400;

class Stage {
  readonly world = new World(7);
  readonly site = new Site(this.world);

  /** Opens a page, or a guest. */
  async open(name: string, guest = false): Promise<SimulatedTab> {
    const tab = new SimulatedTab(this.site, name, guest);
    await this.pass(tab.open(PATIENCE));
    return tab;
  }

  /** Lets time pass until a promise is settled. */
  async pass<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    promise.then(end, end);
    await this.world.pass(60_000, () => settled);
    expect(settled).toBe(true);
    return promise;
  }

  /** What a request counted. */
  async count(tab: SimulatedTab, name: string): Promise<number> {
    const { body } = await this.pass(tab.db!.dispatch("T.Count", name));
    return Number(new TextDecoder().decode(body));
  }
}

test("a guest without a tab is refused, at once", async () => {
  const stage = new Stage();
  await expect(stage.open("guest", true)).rejects.toBeInstanceOf(PersistenceUnavailableError);
  expect(stage.world.now).toBeLessThan(PATIENCE);
  // Another guest is no tab.
  const page = await stage.open("page");
  const first = await stage.open("first", true);
  await stage.pass(page.db!.close());
  page.thread.die();
  await expect(stage.pass(first.db!.dispatch("T.Count", "late"))).rejects.toBeInstanceOf(WorkerLostError);
  await expect(stage.open("second", true)).rejects.toBeInstanceOf(PersistenceUnavailableError);
});

test("a guest waits for a tab that is being opened", async () => {
  const stage = new Stage();
  const opening = stage.open("page");
  const guest = await stage.open("guest", true);
  const page = await opening;
  expect(await stage.count(guest, "a")).toBe(1);
  expect(await stage.count(page, "b")).toBe(2);
});

test("when the tab that leads goes, the next one answers its guests, each request once", async () => {
  const stage = new Stage();
  const [first, second] = [await stage.open("first"), await stage.open("second")];
  const guest = await stage.open("guest", true);
  expect(await stage.count(guest, "a")).toBe(1);
  const waiting = guest.db!.dispatch("T.Count", "b");
  // It is sent, and its reply may be on its way.
  await stage.world.pass(stage.world.now + 5);
  first.thread.die();
  await stage.pass(waiting);
  expect(await stage.count(guest, "c")).toBe(3);
  expect([...stage.site.disk.applied.values()]).toEqual([1, 1, 1]);
  expect(await stage.count(second, "d")).toBe(4);
});

test("when the last tab goes a guest is told what is known of its requests, and goes on with the next tab", async () => {
  const stage = new Stage();
  const page = await stage.open("page");
  const guest = await stage.open("guest", true);
  const sent = guest.db!.dispatch("T.Count", "sent");
  await stage.world.pass(stage.world.now + 1);
  page.thread.die();
  await expect(stage.pass(sent)).rejects.toThrow(/No tab has the database open any more.*is unknown/s);
  await expect(stage.pass(guest.db!.dispatch("T.Count", "never sent"))).rejects.toThrow(/did nothing/);
  expect(stage.site.disk.applied.has("never sent")).toBe(false);
  const before = stage.site.disk.value;
  const next = await stage.open("next page");
  expect(await stage.count(guest, "sent later")).toBe(before + 1);
  expect(await stage.count(next, "beside it")).toBe(before + 2);
});
