/**
 * The floor: the least SQL that does a step's work, in the product's physical layout, with raw bytes straight to SQLite's C functions in the
 * thread the engine runs in. No counters, no catalog, no JSON, no checks: what is physically possible here.
 */
import type { Pointer } from "../../js/src/drivers/driver.ts";
import { type Layer, type Timing, timeEach } from "../layers/layer.ts";
import type { BenchItem } from "../steps/items.ts";
import { type BenchRequest, checkAnswer, checkScanned, type Step } from "../steps/steps.ts";
import { baseRow, entryRows, keyRow, partitionRow, type Row, type RowTable, rowTables, segmentHashes } from "./rows.ts";
import { type FloorConnection, Statements } from "./statements.ts";

/** What the floor runs on, and its upkeep: the same a connection of the product does. */
export interface FloorStorage extends FloorConnection {
  readonly checkpointDue: boolean;
  checkpoint(): unknown;
  close(): void;
}

const ID_BITS = 39;

/** The texts of `crate/src/storage_backend/sql_builders/rows.rs`. */
const SQL = {
  create({ name, keyColumns, base }: RowTable): string[] {
    const columns = keyColumns.map((column) => `, ${column} TEXT NOT NULL`).join("");
    const dates = base ? ", cached_at REAL, expires_at INTEGER" : "";
    return [
      `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, h INTEGER NOT NULL, pk TEXT NOT NULL${columns}, size INTEGER NOT NULL${dates}, item TEXT NOT NULL) STRICT`,
      `CREATE UNIQUE INDEX ${name}_key ON ${name}(h, pk, ${keyColumns.join(", ")})`,
    ];
  },
  put({ name, keyColumns, base }: RowTable): string {
    const key = `h, pk, ${keyColumns.join(", ")}`;
    const values = base ? ["size", "expires_at", "item"] : ["size", "item"];
    const count = 2 + keyColumns.length + values.length;
    const numbered = Array.from({ length: count }, (_, n) => `?${n + 1}`).join(", ");
    const updates = values.map((column) => `${column} = excluded.${column}`).join(", ");
    return (
      `INSERT INTO ${name}(id, ${key}, ${values.join(", ")}) VALUES(coalesce((SELECT max(id) FROM ${name} WHERE id >= ?1 << ${ID_BITS} ` +
      `AND id < (?1 + 1) << ${ID_BITS}), ?1 << ${ID_BITS}) + 1, ${numbered}) ON CONFLICT(${key}) DO UPDATE SET ${updates}`
    );
  },
  whole: ({ keyColumns }: RowTable) => `h = ?1 AND pk = ?2${keyColumns.map((column, n) => ` AND ${column} = ?${n + 3}`).join("")}`,
  delete: (table: RowTable) => `DELETE FROM ${table.name} WHERE ${SQL.whole(table)}`,
  get: (table: RowTable) => `SELECT size, item FROM ${table.name} WHERE ${SQL.whole(table)}`,
  query: ({ name }: RowTable) => `SELECT size, item FROM ${name} WHERE h = ?1 AND pk = ?2 ORDER BY sk`,
  scan: ({ name, keyColumns }: RowTable) =>
    `SELECT size, item FROM ${name} WHERE h >= ?1 AND h < ?2 ORDER BY h, pk, ${keyColumns.join(", ")}`,
} as const;

/** One row to be written or deleted, with the statement for it. */
interface RowWrite {
  readonly statement: Pointer;
  readonly row: Row;
  /** The item's parameter number; 0 for a delete. */
  readonly itemAt: number;
}

/** What one request is to SQLite. */
interface Work {
  readonly read: { readonly statement: Pointer; readonly by: Row | readonly [number, number] } | undefined;
  readonly writes: readonly RowWrite[];
}

/** A round that is ready to run. */
export interface FloorRound {
  readonly ops: number;
  readonly run: (op: number) => void;
  /** Checks what was read, and what was to be done. */
  readonly check: () => void;
}

/** Opens the floor on a connection, which it closes in the end. */
export class Floor implements Layer {
  readonly #storage: FloorStorage;
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #statements: Statements;
  readonly #begin: Pointer;
  readonly #commit: Pointer;

  constructor(storage: FloorStorage, steps: readonly Step[]) {
    this.#storage = storage;
    this.#steps = new Map(steps.map((step) => [step.name, step]));
    this.#statements = new Statements(storage);
    this.#begin = this.#statements.prepare("BEGIN");
    this.#commit = this.#statements.prepare("COMMIT");
  }

  prepare(name: string): void {
    for (const table of this.#tables(name)) for (const sql of SQL.create(table)) this.#statements.execute(sql);
  }

  /** Puts items outside the clock, in one transaction. */
  load(name: string, items: readonly BenchItem[]): void {
    const step = this.#steps.get(name)!;
    this.#transaction(items.map((item) => this.#put(step, item, undefined)));
  }

  run(name: string, round: number): Timing {
    const begun = this.beginRound(name, round);
    const timing = timeEach(begun.ops, begun.run);
    begun.check();
    return timing;
  }

  /** Runs requests of a step under the clock, checks them, and then the proof that they did what they should. */
  time(name: string, requests: readonly BenchRequest[], proof: readonly BenchRequest[] = []): Timing {
    const round = this.begin(name, requests, proof);
    const timing = timeEach(round.ops, round.run);
    round.check();
    return timing;
  }

  /** Makes requests ready to be run, an operation at a time and in order. */
  begin(name: string, requests: readonly BenchRequest[], proof: readonly BenchRequest[]): FloorRound {
    const step = this.#steps.get(name)!;
    const work = requests.map((request) => this.#workOf(step, request));
    const counts: number[] = [];
    const ends: number[] = [];
    this.#statements.outLength = 0;
    const { width } = step;
    const run = (op: number) => {
      if (width === 1) this.#one(work[op]!, counts, ends);
      else this.#together(work, op * width, width, counts, ends);
      if (this.#storage.checkpointDue) this.#storage.checkpoint();
    };
    const check = () => {
      this.#check(step, requests, counts, ends);
      for (const request of proof) this.#prove(step, request);
    };
    return { ops: work.length / width, run, check };
  }

  /** The same for a round of a step, loaded. */
  beginRound(name: string, round: number): FloorRound {
    const step = this.#steps.get(name)!;
    const toLoad = step.load(round);
    if (toLoad.length > 0) this.load(name, toLoad);
    return this.begin(name, step.requests(round), step.proof(round));
  }

  close(): void {
    this.#statements.close();
    this.#storage.close();
  }

  #tables(name: string): readonly RowTable[] {
    const step = this.#steps.get(name)!;
    return rowTables(`t_${name.replaceAll("-", "_")}`, step.shape.indexed);
  }

  #put(step: Step, item: BenchItem, before: BenchItem | undefined): Work {
    const [base, ...indexes] = this.#tables(step.name) as [RowTable, ...RowTable[]];
    const prepare = (sql: string) => this.#statements.prepare(sql);
    const writes: RowWrite[] = [{ statement: prepare(SQL.put(base)), row: baseRow(item), itemAt: 6 }];
    const entriesChange = before === undefined || step.shape.keysChange;
    if (step.shape.indexed && entriesChange) {
      const fresh = entryRows(item, step.shape.keysChange, true);
      const stale = before && entryRows(before, step.shape.keysChange, false);
      for (const [n, table] of indexes.entries()) {
        if (stale) writes.push({ statement: prepare(SQL.delete(table)), row: stale[n]!, itemAt: 0 });
        writes.push({ statement: prepare(SQL.put(table)), row: fresh[n]!, itemAt: table.keyColumns.length + 4 });
      }
    }
    // Which entries there are follows from the item that was there: with indexes it must be read.
    const read = step.shape.indexed && before ? { statement: prepare(SQL.get(base)), by: keyRow(serialOf(before)) } : undefined;
    return { read, writes };
  }

  #workOf(step: Step, request: BenchRequest): Work {
    const base = this.#tables(step.name)[0]!;
    const statements = this.#statements;
    switch (request.operation) {
      case "PutItem":
        return this.#put(step, request.item, request.before);
      case "UpdateItem": {
        const read = { statement: statements.prepare(SQL.get(base)), by: keyRow(request.serial) };
        return { read, writes: this.#put(step, request.after, undefined).writes };
      }
      case "GetItem":
        return { read: { statement: statements.prepare(SQL.get(base)), by: keyRow(request.serial) }, writes: [] };
      case "Query":
        return { read: { statement: statements.prepare(SQL.query(base)), by: partitionRow(request.first) }, writes: [] };
      case "BatchWriteItem":
        return { read: undefined, writes: request.items.flatMap((item) => this.#put(step, item, undefined).writes) };
      case "Scan": {
        const by = segmentHashes(request.segment, request.segments);
        return { read: { statement: statements.prepare(SQL.scan(base)), by }, writes: [] };
      }
      case "DeleteItem":
        return { read: undefined, writes: [{ statement: statements.prepare(SQL.delete(base)), row: keyRow(request.serial), itemAt: 0 }] };
    }
  }

  /** One request in a transaction of its own: a single statement is one already. */
  #one({ read, writes }: Work, counts: number[], ends: number[]): void {
    const statements = this.#statements;
    const several = writes.length > 0 && writes.length + (read ? 1 : 0) > 1;
    if (several) statements.run(this.#begin);
    this.#work(read, writes, counts, ends);
    if (several) statements.run(this.#commit);
  }

  #together(work: readonly Work[], from: number, count: number, counts: number[], ends: number[]): void {
    const statements = this.#statements;
    statements.run(this.#begin);
    for (let at = from; at < from + count; at += 1) this.#work(work[at]!.read, work[at]!.writes, counts, ends);
    statements.run(this.#commit);
  }

  #work(read: Work["read"], writes: readonly RowWrite[], counts: number[], ends: number[]): void {
    const statements = this.#statements;
    if (read) {
      if ("hash" in read.by) statements.bind(read.statement, read.by);
      else statements.bindNumbers(read.statement, read.by);
      counts.push(statements.read(read.statement));
      ends.push(statements.outLength);
    }
    for (const { statement, row, itemAt } of writes) {
      statements.bind(statement, row, itemAt);
      statements.run(statement);
    }
  }

  #transaction(work: readonly Work[]): void {
    this.#statements.run(this.#begin);
    for (const { writes } of work) this.#work(undefined, writes, [], []);
    this.#statements.run(this.#commit);
    if (this.#storage.checkpointDue) this.#storage.checkpoint();
  }

  #check(step: Step, requests: readonly BenchRequest[], counts: readonly number[], ends: readonly number[]): void {
    const decoder = new TextDecoder();
    const scanned: { ScannedCount: number }[] = [];
    let from = 0;
    let at = 0;
    for (const request of requests) {
      // What was read: every read request's answer, and the item that a write with indexes or an update replaces.
      const replaces = request.operation === "UpdateItem" || (request.operation === "PutItem" && step.shape.indexed && request.before);
      const reads = replaces || request.operation === "GetItem" || request.operation === "Query" || request.operation === "Scan";
      if (!reads) continue;
      const count = counts[at]!;
      const text = decoder.decode(this.#statements.out.subarray(from, ends[at]));
      from = ends[at]!;
      at += 1;
      if (request.operation === "GetItem") checkAnswer(request, count === 0 ? {} : { Item: JSON.parse(text) }, step.shape);
      else if (request.operation === "Query")
        checkAnswer(request, { Count: count, Items: JSON.parse(`[${text.replaceAll("}}{", "}},{")}]`) }, step.shape);
      else if (request.operation === "Scan") scanned.push({ ScannedCount: count });
      else if (count !== 1) throw new Error(`the floor found ${count} items where one is replaced`);
    }
    for (let op = 0; op < scanned.length; op += step.width) checkScanned(scanned.slice(op, op + step.width), step.scanned ?? 0);
  }

  #prove(step: Step, request: BenchRequest): void {
    const { read } = this.#workOf(step, request);
    const counts: number[] = [];
    const ends: number[] = [];
    this.#statements.outLength = 0;
    this.#work(read, [], counts, ends);
    this.#check(step, [request], counts, ends);
  }
}

/** The number an item was made from: its key says it. */
function serialOf(item: BenchItem): number {
  const { pk, sk } = item as { pk: { S: string }; sk: { S: string } };
  return Number(pk.S.slice(5)) * 100 + Number(sk.S.slice(6));
}
