/** A trap provoked in the real engine (a build with the test-only target `DynatabTest.Trap`), in memory and over files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { buildPackage } from "../../../scripts/build.mjs";
import type * as DynatabNode from "../../src/node/index.ts";

let dynatab: typeof DynatabNode;
beforeAll(async () => {
  const pkg = await buildPackage("test");
  dynatab = (await import(pathToFileURL(join(pkg, "dist", "node.js")).href)) as typeof DynatabNode;
}, 900_000);

const table = {
  TableName: "Music",
  AttributeDefinitions: [{ AttributeName: "Artist", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "Artist", KeyType: "HASH" as const }],
  BillingMode: "PAY_PER_REQUEST" as const,
};
const item = (artist: string) => ({ Artist: { S: artist } });

describe.each(["memory", "file"] as const)("a trap, the data in %s", (where) => {
  test("rejects everybody who waits where something of the batch was committed; the next call works on the data answered before", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dynatab-"));
    const db = await dynatab.Dynatab.open("trap", where === "file" ? { file: join(folder, "db") } : {});
    try {
      await db.execute("CreateTable", table);
      await db.execute("PutItem", { TableName: "Music", Item: item("Before") });
      const crash = Promise.allSettled([
        db.execute("PutItem", { TableName: "Music", Item: item("With") }),
        db.dispatch("DynatabTest.Trap", "{}"),
        db.execute("GetItem", { TableName: "Music", Key: item("Before") }),
      ]);
      for (const outcome of await crash) {
        expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(dynatab.EngineCrashedError) });
        expect((outcome as PromiseRejectedResult).reason.message).toContain("is unknown; read before you repeat it");
      }
      expect((await db.execute("GetItem", { TableName: "Music", Key: item("Before") })).Item).toEqual(item("Before"));
      await db.execute("PutItem", { TableName: "Music", Item: item("After") });
      expect((await db.execute("GetItem", { TableName: "Music", Key: item("After") })).Item).toEqual(item("After"));
      expect((await db.counters()).epochs).toBe(2);

      // Nothing of this one was committed when it died: all but the culprit run again.
      const [trapped, ...others] = await Promise.allSettled([
        db.dispatch("DynatabTest.Trap", "{}"),
        db.execute("PutItem", { TableName: "Music", Item: item("Beside") }),
        db.execute("GetItem", { TableName: "Music", Key: item("After") }),
      ]);
      expect((trapped as PromiseRejectedResult).reason).toBeInstanceOf(dynatab.EngineCrashedError);
      expect((trapped as PromiseRejectedResult).reason.message).toContain("has changed nothing");
      expect(others).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled", value: { Item: item("After") } }]);
      expect((await db.execute("GetItem", { TableName: "Music", Key: item("Beside") })).Item).toEqual(item("Beside"));
      expect((await db.counters()).epochs).toBe(4);
    } finally {
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
