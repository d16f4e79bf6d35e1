/** The doors of the package beside DynamoDB's operations, in a page: whole databases out and in, what is left of one, where the data is. */
import { type CallOptions, type Change, Dynatab, type OpenOptions } from "dynatab";
import { expose, type Outcome, outcome } from "./expose.ts";

type Opened = Outcome<{ persistence: string; reason?: string }>;

let db: Dynatab;
/** What `dump` gave last. */
let dumped: Blob | undefined;
let changes: AsyncIterableIterator<Change>;

async function remember(opening: Promise<Dynatab>): Promise<Opened> {
  return outcome(
    opening.then((opened) => {
      db = opened;
      return { persistence: opened.persistence };
    }),
  );
}

async function folderOf(name: string): Promise<FileSystemDirectoryHandle> {
  const origin = await navigator.storage.getDirectory();
  return (await origin.getDirectoryHandle("dynatab")).getDirectoryHandle(name);
}

export const api = expose({
  open: (name: string, options: OpenOptions = {}): Promise<Opened> => remember(Dynatab.open(name, options)),

  /** The same with the package's module from another address. */
  async openFrom(module: string, name: string, options: OpenOptions = {}): Promise<Opened> {
    const loaded = (await import(/* @vite-ignore */ module)) as { Dynatab: typeof Dynatab };
    return remember(loaded.Dynatab.open(name, options));
  },

  /** The same with the engine compiled by the page. */
  async openCompiled(name: string, addresses: Record<"engine" | "sqlJs" | "waSqlite", string>): Promise<Opened> {
    const compile = async (address: string) => WebAssembly.compileStreaming(fetch(address));
    const [engine, sqlJs, waSqlite] = await Promise.all([compile(addresses.engine), compile(addresses.sqlJs), compile(addresses.waSqlite)]);
    return remember(Dynatab.open(name, { wasmModule: { engine, sqlJs, waSqlite } }));
  },

  /** Gives up opening at once. */
  async openAborted(name: string): Promise<Outcome<unknown>> {
    const controller = new AbortController();
    const opening = Dynatab.open(name, { signal: controller.signal });
    controller.abort(new Error("enough"));
    return outcome(opening);
  },

  close: () => db.close(),

  execute: (operation: string, input: object): Promise<Outcome<Record<string, unknown>>> =>
    outcome(db.execute(operation as "ListTables", input) as unknown as Promise<Record<string, unknown>>),

  /** Puts items one after another until one is refused; gives how many were put and why it ended. */
  async putUntilRefused(TableName: string, first: number, most: number, bytes: number) {
    for (let n = first; n < first + most; n += 1) {
      const put = await outcome(db.execute("PutItem", { TableName, Item: { Id: { S: `item ${n}` }, Data: { S: "x".repeat(bytes) } } }));
      if (put.error) return { put: n - first, error: put.error };
    }
    return { put: most };
  },

  /** How many of the items from 0 on are there, each asked for. */
  async countItems(TableName: string, most: number): Promise<number> {
    let found = 0;
    for (let n = 0; n < most; n += 1) {
      const { Item } = await db.execute("GetItem", { TableName, Key: { Id: { S: `item ${n}` } }, ProjectionExpression: "Id" });
      if (Item) found += 1;
    }
    return found;
  },

  async deleteItems(TableName: string, first: number, count: number): Promise<void> {
    for (let n = first; n < first + count; n += 1) await db.execute("DeleteItem", { TableName, Key: { Id: { S: `item ${n}` } } });
  },

  /** Writes in the background without end; the page tells nobody. */
  async writeOn(TableName: string): Promise<void> {
    const acknowledged = (globalThis as unknown as { acknowledged(n: number): Promise<void> }).acknowledged;
    const write = async () => {
      for (let n = 0; ; n += 1) {
        await db.execute("PutItem", { TableName, Item: { Id: { S: `item ${n}` } } });
        void acknowledged(n);
      }
    };
    void write();
  },

  storage: () => db.storage(),

  async fetchTables(): Promise<unknown> {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables" };
    const answer = await db.fetch("/", { method: "POST", headers, body: "{}" });
    return answer.json();
  },

  /** Keeps a dump here; gives its size. */
  async dump(): Promise<number> {
    dumped = await db.dump();
    return dumped.size;
  },

  /** Loads the dump kept here, some of its bytes changed. */
  load: (change?: { at: number; bytes: number[] }): Promise<Outcome<void>> => {
    const changed = change && [dumped!.slice(0, change.at), new Uint8Array(change.bytes), dumped!.slice(change.at + change.bytes.length)];
    return outcome(db.load(changed ? new Blob(changed) : dumped!));
  },

  /** Begins to read the changes of a table. */
  follow(TableName: string): void {
    changes = db.changes({ TableName });
  },

  /** The key of the next change. */
  nextChange: (): Promise<Outcome<string | undefined>> =>
    outcome(changes.next().then(({ value }) => (value as Change | undefined)?.dynamodb.Keys.Id?.S)),

  /** Starts to load and does not wait. */
  async loadOn(): Promise<void> {
    void db.load(dumped!);
  },

  list: (options?: CallOptions) => Dynatab.list(options),

  delete: (name: string): Promise<Outcome<void>> => outcome(Dynatab.delete(name)),

  async salvage(name: string) {
    const salvage = await Dynatab.salvage(name);
    const items: unknown[] = [];
    for await (const item of salvage.items()) items.push(item);
    const files = Object.fromEntries(Object.entries(salvage.files).map(([file, { size }]) => [file, size]));
    return { items, files, tables: await salvage.tables(), problems: salvage.problems };
  },

  files: async (name: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const file of (await folderOf(name)).keys()) names.push(file);
    return names.sort();
  },

  async removeFile(name: string, file: string): Promise<void> {
    await (await folderOf(name)).removeEntry(file);
  },

  /** Bytes of a database's file that nobody has open. */
  async bytes(name: string, file: string, at: number, count: number): Promise<number[]> {
    const found = await (await (await folderOf(name)).getFileHandle(file)).getFile();
    return [...new Uint8Array(await found.slice(at, at + count).arrayBuffer())];
  },

  /** Overwrites bytes of a database's file that nobody has open. */
  async overwrite(name: string, file: string, at: number, bytes: number[]): Promise<void> {
    const handle = await (await folderOf(name)).getFileHandle(file);
    const writable = await handle.createWritable({ keepExistingData: true });
    await writable.write({ type: "write", position: at, data: new Uint8Array(bytes) });
    await writable.close();
  },
});
