/** Whole databases in the private file system: out, in, listed, deleted, damaged, missing, newer; and a kill in the middle of a load. */
import { expect, test } from "vitest";
import { openTab, type Tab, useDurableSite } from "./browser-site.ts";
import { definition, opfs, TableName } from "./notes.ts";
import { PageServer } from "./page-server.ts";
import type { api } from "./pages/doors.ts";
import { makeProfile, removeProfile } from "./profile.ts";
import { startDurableBrowser } from "./test-browser.ts";

const site = useDurableSite();
const open = () => site().open<typeof api>("doors");

/** A database with items, open in this tab. */
async function make(tab: Tab<typeof api>, name: string, items: number): Promise<void> {
  expect(await tab.call("open", name)).toEqual(opfs);
  expect((await tab.call("execute", "CreateTable", definition)).error).toBeUndefined();
  expect(await tab.call("putUntilRefused", TableName, 0, items, 500)).toEqual({ put: items });
}

test("a dump of one database replaces another, and survives a reload", async () => {
  const tab = await open();
  await make(tab, "source", 50);
  const size = await tab.call("dump");
  expect(size % 8192).toBe(0);
  await tab.call("close");
  await make(tab, "target", 5);
  await tab.call("execute", "CreateTable", { ...definition, TableName: "Gone" });
  expect(await tab.call("load")).toEqual({});
  expect(await tab.call("countItems", TableName, 60)).toBe(50);
  expect((await tab.call("execute", "ListTables", {})).value).toMatchObject({ TableNames: [TableName] });
  await tab.call("putUntilRefused", TableName, 50, 1, 10);
  await tab.reload();
  expect(await tab.call("open", "target")).toEqual(opfs);
  expect(await tab.call("countItems", TableName, 60)).toBe(51);
  await tab.call("close");
  expect(await tab.call("files", "target")).toEqual(["data.sqlite", "data.sqlite-journal", "data.sqlite-wal"]);
  await tab.close();
});

test("a tab that does not lead dumps and loads as well, and whoever reads changes is told of it in every tab", async () => {
  const [leader, follower] = [await open(), await open()];
  expect(await leader.call("open", "shared")).toEqual(opfs);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" };
  await leader.call("execute", "CreateTable", { ...definition, StreamSpecification });
  expect(await follower.call("open", "shared")).toEqual(opfs);
  await leader.call("putUntilRefused", TableName, 0, 20, 500);
  expect((await follower.call("dump")) % 8192).toBe(0);
  for (const tab of [leader, follower]) await tab.call("follow", TableName);
  await follower.call("putUntilRefused", TableName, 20, 5, 500);
  for (const tab of [leader, follower]) expect(await tab.call("nextChange")).toEqual({ value: "item 20" });
  expect(await follower.call("load")).toEqual({});
  for (const tab of [leader, follower]) {
    expect((await tab.call("nextChange")).error?.name).toBe("DatabaseReplacedError");
    expect(await tab.call("countItems", TableName, 30)).toBe(20);
    await tab.call("follow", TableName);
  }
  await leader.call("putUntilRefused", TableName, 100, 1, 10);
  for (const tab of [leader, follower]) expect(await tab.call("nextChange")).toEqual({ value: "item 100" });
  // What is no database is refused there, too.
  expect((await follower.call("load", { at: 0, bytes: [0x20] })).error?.name).toBe("ForeignDatabaseError");
  expect(await follower.call("countItems", TableName, 30)).toBe(20);
  await Promise.all([leader.close(), follower.close()]);
});

test("databases in memory go out and come in as well", async () => {
  const tab = await open();
  await tab.call("open", "memory", { persistence: "memory" });
  await tab.call("execute", "CreateTable", definition);
  await tab.call("putUntilRefused", TableName, 0, 10, 10);
  await tab.call("dump");
  await tab.call("open", "memory", { persistence: "memory", inProcess: true });
  expect(await tab.call("load")).toEqual({});
  expect(await tab.call("countItems", TableName, 20)).toBe(10);
  await tab.close();
});

test("what is no whole database of ours is refused by name, and nothing has changed", async () => {
  const tab = await open();
  await make(tab, "refusing", 20);
  await tab.call("dump");
  for (const [name, change] of [
    ["ForeignDatabaseError", { at: 0, bytes: [0x20] }],
    ["ForeignDatabaseError", { at: 68, bytes: [1, 2, 3, 4] }],
    ["VersionMismatchError", { at: 60, bytes: [0, 0, 1, 0] }],
    ["DatabaseCorruptError", { at: 3 * 8192, bytes: new Array(3000).fill(0x77) }],
  ] as const) {
    expect((await tab.call("load", change as never)).error?.name).toBe(name);
    expect(await tab.call("countItems", TableName, 30)).toBe(20);
  }
  await tab.call("close");
  expect(await tab.call("files", "refusing")).not.toContain("data.sqlite-incoming");
  await tab.close();
});

test("databases are listed by name and deleted, but not while they are open", async () => {
  const [tab, other] = [await open(), await open()];
  await make(tab, "listed.one", 1);
  expect(await other.call("list")).toContain("listed.one");
  expect((await other.call("delete", "listed.one")).error?.name).toBe("DatabaseBusyError");
  await tab.call("close");
  expect(await other.call("delete", "listed.one")).toEqual({});
  expect(await other.call("list")).not.toContain("listed.one");
  expect(await other.call("delete", "listed.one")).toEqual({});
  expect(await tab.call("open", "listed.one")).toEqual(opfs);
  expect((await tab.call("execute", "ListTables", {})).value).toMatchObject({ TableNames: [] });
  await Promise.all([tab.close(), other.close()]);
});

test("a damaged database is refused and kept, and gives what can be read", async () => {
  const tab = await open();
  await make(tab, "damaged", 30);
  await tab.call("close");
  const sound = await tab.call("salvage", "damaged");
  expect([sound.items.length, sound.problems, sound.tables]).toMatchObject([30, [], [{ TableName }]]);
  await tab.call("overwrite", "damaged", "data.sqlite", 0, new Array(100).fill(0));
  const refused = await tab.call("open", "damaged");
  expect(refused.error?.name).toBe("DatabaseCorruptError");
  expect(refused.error?.message).toContain("salvage");
  const left = await tab.call("salvage", "damaged");
  expect(left.files).toEqual(sound.files);
  expect(left.problems.length).toBe(1);
  await tab.close();
});

test("a database whose file is missing is refused, and not made anew", async () => {
  const tab = await open();
  await make(tab, "missing", 3);
  await tab.call("close");
  await tab.call("removeFile", "missing", "data.sqlite");
  for (let attempt = 0; attempt < 2; attempt += 1) expect((await tab.call("open", "missing")).error?.name).toBe("DatabaseCorruptError");
  expect(await tab.call("files", "missing")).toEqual(["data.sqlite-journal", "data.sqlite-wal"]);
  await tab.call("delete", "missing");
  expect(await tab.call("open", "missing")).toEqual(opfs);
  await tab.close();
});

test("a newer database is refused, and left as it is", async () => {
  const tab = await open();
  await make(tab, "newer", 3);
  await tab.call("close");
  const version = await tab.call("bytes", "newer", "data.sqlite", 60, 4);
  await tab.call("overwrite", "newer", "data.sqlite", 60, [0, 0, 3, 0]);
  for (let attempt = 0; attempt < 2; attempt += 1) expect((await tab.call("open", "newer")).error?.name).toBe("VersionMismatchError");
  await tab.call("overwrite", "newer", "data.sqlite", 60, version);
  expect(await tab.call("open", "newer")).toEqual(opfs);
  expect(await tab.call("countItems", TableName, 5)).toBe(3);
  await tab.close();
});

test("after a kill in the middle of a load there is the one database or the other, whole", async () => {
  const server = await PageServer.start();
  const profile = makeProfile();
  const outcomes: number[] = [];
  try {
    for (const delay of [0, 60]) {
      const browser = await startDurableBrowser(profile);
      try {
        const tab = await openTab<typeof api>(browser, server.address("doors"));
        await tab.call("open", "large", { persistence: "memory" });
        await tab.call("execute", "CreateTable", definition);
        await tab.call("putUntilRefused", TableName, 0, 200, 20_000);
        await tab.call("dump");
        await tab.call("delete", "killed");
        await make(tab, "killed", 5);
        await tab.call("loadOn");
        await new Promise((resolve) => setTimeout(resolve, delay));
      } finally {
        await browser.kill();
      }
      const next = await startDurableBrowser(profile);
      try {
        const tab = await openTab<typeof api>(next, server.address("doors"));
        expect(await tab.call("open", "killed")).toEqual(opfs);
        outcomes.push(await tab.call("countItems", TableName, 200));
      } finally {
        await next.kill();
      }
    }
  } finally {
    await server.close();
    removeProfile(profile);
  }
  for (const found of outcomes) expect([5, 200]).toContain(found);
});
