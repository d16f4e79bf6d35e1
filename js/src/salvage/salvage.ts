/**
 * What is left of a database that cannot be opened, or not be trusted: its files as they are, and the tables and items that can still be read.
 * Works on a copy in memory; the files themselves are never touched.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { SqliteDriver } from "../drivers/driver.ts";
import { querySql } from "../drivers/statement.ts";
import { filesAround, MemoryFile } from "../drivers/vfs/memory-file.ts";
import { FILE_NAMES } from "../drivers/vfs/sync-file.ts";
import { openWaSqlite } from "../drivers/wa-sqlite.ts";
import { writeBlob } from "../dump/blob-parts.ts";
import type { SqlValue } from "../dump/prepared.ts";
import { fromWireJson } from "../wire-values.ts";
import { readableValues } from "./damaged-rows.ts";

/** A table as `CreateTable` takes it; settings beside keys and indexes are not salvaged. */
export interface SalvagedTable {
  TableName: string;
  AttributeDefinitions: { AttributeName: string; AttributeType: "S" | "N" | "B" }[];
  KeySchema: { AttributeName: string; KeyType: "HASH" | "RANGE" }[];
  GlobalSecondaryIndexes?: SalvagedIndex[];
  LocalSecondaryIndexes?: SalvagedIndex[];
  BillingMode: "PAY_PER_REQUEST";
}

/** An index of such a table. */
export interface SalvagedIndex {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: "HASH" | "RANGE" }[];
  Projection: { ProjectionType: "ALL" | "KEYS_ONLY" | "INCLUDE"; NonKeyAttributes?: string[] };
}

/** An item that could be read, with the name of its table. */
export interface SalvagedItem {
  tableName: string;
  item: Record<string, AttributeValue>;
}

/** The files of a database by their names. */
export type DatabaseFileBlobs = Readonly<Record<string, Blob>>;

/** A row of the catalog: the table's number, name and definition. */
interface CatalogRow {
  number: string;
  name: string;
  table: SalvagedTable | undefined;
}

export class Salvage {
  /** The database's files as they lie there, by name: SQLite's own files, for any tool that reads or repairs them. */
  readonly files: DatabaseFileBlobs;
  readonly #waSqlite: () => Promise<WebAssembly.Module>;
  readonly #problems: string[] = [];

  /** Made by `Dynatab.salvage`. */
  constructor(files: DatabaseFileBlobs, waSqlite: () => Promise<WebAssembly.Module>) {
    this.files = files;
    this.#waSqlite = waSqlite;
  }

  /** What could not be read so far, in words; empty after `tables` and all of `items` if nothing is damaged. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** The tables whose definitions can be read: what `CreateTable` makes them of. */
  async tables(): Promise<SalvagedTable[]> {
    const driver = await this.#open();
    if (!driver) return [];
    try {
      return this.#catalog(driver).flatMap(({ table }) => (table ? [table] : []));
    } finally {
      driver.close();
    }
  }

  /** Every item that can be read, table by table. A table whose name cannot be read goes by its number, such as `t3`. */
  async *items(): AsyncGenerator<SalvagedItem, void> {
    const driver = await this.#open();
    if (!driver) return;
    try {
      for (const { number, name } of this.#catalog(driver)) {
        const damaged = (error: Error) => this.#note(`${name}: ${error.message}`);
        for (const value of readableValues(driver, `t${number}`, "item", damaged)) {
          const item = this.#item(value, name);
          if (item) yield { tableName: name, item };
        }
      }
    } finally {
      driver.close();
    }
  }

  async #open(): Promise<SqliteDriver | undefined> {
    const [database, wal] = [new MemoryFile(), new MemoryFile()];
    await writeBlob(this.files[FILE_NAMES.database] ?? new Blob(), database);
    await writeBlob(this.files[FILE_NAMES.wal] ?? new Blob(), wal);
    try {
      return await openWaSqlite({ module: await this.#waSqlite() }, { files: filesAround(database, wal) });
    } catch (error) {
      this.#note(`SQLite cannot open the file: ${(error as Error).message}`);
      return undefined;
    }
  }

  #catalog(driver: SqliteDriver): CatalogRow[] {
    const columns = "number, name, key_schema, attribute_definitions, gsi_definitions, lsi_definitions";
    const rows = this.#query(driver, `SELECT ${columns} FROM tables ORDER BY name`);
    const read = rows.map(([number, name, ...parts]) => ({ number: number!, name: name!, table: this.#table(name!, parts) }));
    const known = new Set(read.map(({ number }) => number));
    const physical = this.#query(driver, "SELECT substr(name, 2) FROM sqlite_master WHERE type = 'table' AND name GLOB 't[0-9]*'");
    const lost = physical.flatMap(([number]) => (/^\d+$/.test(number ?? "") && !known.has(number!) ? [number!] : []));
    return [...read, ...lost.map((number) => ({ number, name: `t${number}`, table: undefined }))];
  }

  #query(driver: SqliteDriver, sql: string): (string | null)[][] {
    try {
      return querySql(driver, sql);
    } catch (error) {
      this.#note(`The catalog: ${(error as Error).message}`);
      return [];
    }
  }

  #table(TableName: string, [keys, attributes, global, local]: (string | null | undefined)[]): SalvagedTable | undefined {
    try {
      const globalIndexes = indexes(global);
      const localIndexes = indexes(local);
      return {
        TableName,
        AttributeDefinitions: JSON.parse(attributes!),
        KeySchema: JSON.parse(keys!),
        ...(globalIndexes.length > 0 ? { GlobalSecondaryIndexes: globalIndexes } : {}),
        ...(localIndexes.length > 0 ? { LocalSecondaryIndexes: localIndexes } : {}),
        BillingMode: "PAY_PER_REQUEST",
      };
    } catch {
      this.#note(`${TableName}: its definition cannot be read`);
      return undefined;
    }
  }

  #item(value: SqlValue, table: string): Record<string, AttributeValue> | undefined {
    try {
      const { text } = value as { text: Uint8Array };
      return fromWireJson(new TextDecoder("utf-8", { fatal: true }).decode(text), { map: "value" }) as Record<string, AttributeValue>;
    } catch {
      this.#note(`${table}: an item is there and cannot be read`);
      return undefined;
    }
  }

  /** Each problem once. */
  #note(problem: string): void {
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
  }
}

function indexes(stored: string | null | undefined): SalvagedIndex[] {
  if (!stored) return [];
  const parsed = JSON.parse(stored) as SalvagedIndex[];
  return parsed.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
}
