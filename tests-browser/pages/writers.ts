/** Writes without end, by several writers at once, each telling the test what was acknowledged before it makes its next write. */
import { type Durability, Dynatab } from "dynatab";
import { expose } from "./expose.ts";
import { definition, type PlannedItem, plannedWrite, TABLE, WRITERS, writerName } from "./write-plan.ts";

let db: Dynatab;
const DATABASE = "journal";

/** The test's end: `step` of `writer` has been acknowledged. */
const { acknowledged } = globalThis as unknown as { acknowledged(writer: number, step: number): Promise<void> };

async function write(seed: number, writer: number, firstStep: number): Promise<never> {
  for (let step = firstStep; ; step += 1) {
    const { key, item } = plannedWrite(seed, writer, step);
    if (item) await db.execute("PutItem", { TableName: TABLE, Item: item });
    else await db.execute("DeleteItem", { TableName: TABLE, Key: key });
    void acknowledged(writer, step);
  }
}

async function bytesOf(directory: FileSystemDirectoryHandle): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const [name, handle] of directory.entries()) {
    if (handle.kind !== "file") continue;
    const bytes = new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    files[name] = btoa(binary);
  }
  return files;
}

export const api = expose({
  /** The database's files as they lie in the private file system, in base64 by name. Before `open`: open handles keep readers out. */
  async files(): Promise<Record<string, string>> {
    const origin = await navigator.storage.getDirectory();
    const root = await origin.getDirectoryHandle("dynatab");
    return bytesOf(await root.getDirectoryHandle(DATABASE));
  },

  /** Opens the database, making its table the first time. */
  async open(durability: Durability) {
    db = await Dynatab.open(DATABASE, { persistence: "required", durability });
    const { TableNames } = await db.execute("ListTables", {});
    if (!TableNames?.includes(TABLE)) await db.execute("CreateTable", definition);
  },

  /** All items of every writer, by the engine's own answer. */
  async items(): Promise<PlannedItem[]> {
    const all: PlannedItem[] = [];
    for (let writer = 0; writer < WRITERS; writer += 1) {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await db.execute("Query", {
          TableName: TABLE,
          KeyConditionExpression: "Writer = :w",
          ExpressionAttributeValues: { ":w": { S: writerName(writer) } },
          ExclusiveStartKey: start as never,
        });
        all.push(...((page.Items ?? []) as unknown as PlannedItem[]));
        start = page.LastEvaluatedKey;
      } while (start);
    }
    return all;
  },

  /** Starts the writers, each at its step, and does not wait for them. */
  write(seed: number, firstSteps: number[]) {
    for (const [writer, step] of firstSteps.entries()) void write(seed, writer, step);
  },
});
