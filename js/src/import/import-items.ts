/**
 * `db.importItems()`: reads a source, sends it to the engine piece by piece, and has it store what came in steps of a few milliseconds,
 * between which everybody else is answered. The engine cuts the text into records and makes the items (`crate/src/actions/import`); here
 * nothing is parsed but CSV. Never is more than two pieces on the way.
 */
import type { CallOptions, Database } from "../database.ts";
import { ImportRejectedError, InvalidOptionError } from "../errors.ts";
import type { AskOwn } from "../own-operations.ts";
import { untilAborted } from "../until-aborted.ts";
import type { CsvType } from "./csv.ts";
import { type ImportSource, type Measure, measure, type Piece, piecesOf } from "./pieces.ts";
import { sourceToken } from "./source-token.ts";

/** What the records of a source are. */
export type ImportFormat = "dynamodb-json" | "json" | "csv";

/** How far an import is. */
export interface ImportProgress {
  /** `reading`: items are stored as the source is read. `indexing`: indexes are filled behind them. */
  phase: "reading" | "indexing";
  /** Items stored so far, those of an earlier call included. */
  items: number;
  /** Records that are no items for the table. */
  rejected: number;
  /** Bytes of the source that were read; before they are unpacked, where they are gzip. */
  bytes: number;
  /** Bytes of the source, where that is known. */
  totalBytes?: number;
  /** How much of the indexes is filled, from 0 to 1; while `indexing`. */
  indexed?: number;
}

/** A record that is no item for the table. */
export interface ImportRejection {
  /** Its place among the records of the source, counted from 1. */
  record: number;
  /** What `PutItem` would answer: the error's name. */
  name: string;
  /** And its message. */
  message: string;
}

/** What an import came to. */
export interface ImportResult {
  /** Items stored, those of earlier calls included. */
  items: number;
  /** Records that were no items for the table, likewise. */
  rejected: number;
  /** The first of them that this call met. */
  rejections: ImportRejection[];
  /** Bytes read by this call. */
  bytes: number;
  /** Whether an earlier call with this `clientToken` had finished the import, so that nothing was done. */
  alreadyImported: boolean;
}

/** What an import can be told. */
export interface ImportOptions extends CallOptions {
  /**
   * What the source holds. `dynamodb-json`: items as in an export of DynamoDB, `{"Item": ...}` a line, or without it. `json`: plain
   * JSON. Both may be lines or an array. `csv`: a row of names, then rows. Default `csv` for files so named, otherwise `dynamodb-json`.
   */
  format?: ImportFormat;
  /**
   * Names the source: a call with the same token goes on where an earlier one was interrupted, and does nothing when that was finished.
   * Files, and responses with an `etag`, name themselves as long as their import is not finished.
   */
  clientToken?: string;
  /** Begins anew, whatever an earlier call has done. */
  restart?: boolean;
  /** Stops at the first record that is no item for the table, with `ImportRejectedError`. Otherwise they are counted and listed. */
  stopAtFirstRejection?: boolean;
  /** How many rejections are listed. Default 100. */
  mostRejections?: number;
  /** Types of a CSV's columns that are not strings; keys have the types of the table. */
  types?: Readonly<Record<string, CsvType>>;
  /** What separates a CSV's cells. Default a comma. */
  delimiter?: string;
  /** Is told how far the import is, after every step. What it throws ends the import. */
  onProgress?: (progress: ImportProgress) => void;
}

/** What the engine answers about an import. */
interface ImportReply {
  import: number;
  items: number;
  rejected: number;
  more: boolean;
  ended: boolean;
  stopped: boolean;
  rejections?: ImportRejection[];
}

/** What the engine is sent at once. */
const PIECE_BYTES = 256 << 10;
const FORMATS: readonly string[] = ["dynamodb-json", "json", "csv"] satisfies ImportFormat[];
const NO_BYTES = new Uint8Array();

/** Imports a source into a table. */
export async function importItems(
  db: Database,
  ask: AskOwn,
  tableName: string,
  source: ImportSource,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const format = options.format ?? formatOf(source);
  if (!FORMATS.includes(format))
    throw new InvalidOptionError(`format must be one of ${FORMATS.join(", ")}, not ${JSON.stringify(format)}.`);
  const call = new ImportCall(db, ask, tableName, source, { ...options, format });
  await call.start();
  try {
    return await call.run();
  } finally {
    await call.end();
  }
}

function formatOf(source: ImportSource): ImportFormat {
  const file = (Array.isArray(source) ? source[0] : source) as { name?: unknown } | undefined;
  return typeof file?.name === "string" && /\.csv(\.gz)?$/i.test(file.name) ? "csv" : "dynamodb-json";
}

/** One call of `importItems`. */
class ImportCall {
  readonly #db: Database;
  readonly #ask: AskOwn;
  readonly #tableName: string;
  readonly #source: ImportSource;
  readonly #options: ImportOptions & { format: ImportFormat };
  readonly #read: Measure;
  readonly #rejections: ImportRejection[] = [];
  /** Rows of a CSV that could not be read, by their place: the engine only knows that they are no items. */
  readonly #spoilt = new Map<number, string>();
  #state: ImportReply = { import: 0, items: 0, rejected: 0, more: false, ended: false, stopped: false };

  constructor(db: Database, ask: AskOwn, tableName: string, source: ImportSource, options: ImportOptions & { format: ImportFormat }) {
    this.#db = db;
    this.#ask = ask;
    this.#tableName = tableName;
    this.#source = source;
    this.#options = options;
    this.#read = measure(source);
  }

  async start(): Promise<void> {
    const { clientToken, restart, stopAtFirstRejection, format } = this.#options;
    const token = clientToken ?? sourceToken(this.#source);
    await this.#tell("StartImport", {
      tableName: this.#tableName,
      ...(token === undefined ? {} : { clientToken: token }),
      onlyResume: clientToken === undefined,
      restart: restart === true,
      stopAtFirst: stopAtFirstRejection === true,
      format: format === "json" ? "json" : "dynamodb-json",
    });
  }

  async run(): Promise<ImportResult> {
    const alreadyImported = this.#state.ended;
    if (!alreadyImported) await this.#send(await this.#pieces());
    if (this.#state.stopped) throw new ImportRejectedError(this.#rejections[0]!);
    await this.#fillIndexes();
    const { items, rejected } = this.#state;
    return { items, rejected, rejections: this.#rejections, bytes: this.#read.bytes, alreadyImported };
  }

  /** Lets go of what the engine holds, however the import has ended. */
  async end(): Promise<void> {
    if (this.#state.ended) return;
    // What matters has been said already, by whatever ended the import.
    await this.#ask("EndImport", { import: this.#state.import }).catch(() => {});
  }

  /** The pieces as the engine reads them. */
  async #pieces(): Promise<AsyncIterable<Piece>> {
    const { format, types, delimiter } = this.#options;
    const pieces = piecesOf(this.#source, format === "json", this.#read);
    if (format !== "csv") return pieces;
    const [{ itemsOfCsv }, keys] = await Promise.all([import("./csv.ts"), this.#keyTypes()]);
    const options = { delimiter: delimiter ?? ",", types: { ...types, ...keys } };
    return itemsOfCsv(pieces, options, (record, message) => {
      // The engine is no further behind than two pieces: what it has not told of by then it never will.
      if (this.#spoilt.size < this.#mostRejections) this.#spoilt.set(record, message);
    });
  }

  async #keyTypes(): Promise<Record<string, CsvType>> {
    const { Table } = await this.#db.execute("DescribeTable", { TableName: this.#tableName });
    const types = (Table?.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]);
    return Object.fromEntries(types);
  }

  async #send(pieces: AsyncIterable<Piece>): Promise<void> {
    for await (const { bytes, ends } of ahead(gathered(pieces), this.#options.signal)) {
      await this.#tell("ImportItems", { import: this.#state.import, ...(ends ? { textEnds: true } : {}) }, bytes);
      await this.#settle();
      if (this.#state.ended) return;
    }
    await this.#tell("ImportItems", { import: this.#state.import, sourceEnds: true });
    await this.#settle();
  }

  /** Has the engine store what it has, step by step. */
  async #settle(): Promise<void> {
    while (this.#state.more) await this.#tell("ImportItems", { import: this.#state.import });
  }

  /** Asks, and takes note of the answer. */
  async #tell(operation: "StartImport" | "ImportItems", input: object, piece: Uint8Array = NO_BYTES): Promise<void> {
    const { signal } = this.#options;
    this.#state = (await this.#ask(operation, input, { ...(signal ? { signal } : {}), piece })) as ImportReply;
    for (const rejection of this.#state.rejections ?? []) {
      if (this.#rejections.length >= this.#mostRejections) break;
      const message = this.#spoilt.get(rejection.record);
      this.#rejections.push(message === undefined ? rejection : { record: rejection.record, name: "CsvError", message });
    }
    this.#report({ phase: "reading" });
  }

  get #mostRejections(): number {
    return this.#options.mostRejections ?? 100;
  }

  async #fillIndexes(): Promise<void> {
    const { signal } = this.#options;
    let indexes = 0;
    for (;;) {
      const reply = await this.#ask("FillIndexes", { tableName: this.#tableName }, signal ? { signal } : {});
      const { left, filled } = reply as { left: number; filled: number };
      indexes = Math.max(indexes, left);
      if (indexes === 0) return;
      this.#report({ phase: "indexing", indexed: (indexes - left + filled / 1000) / indexes });
      if (left === 0) return;
    }
  }

  #report(progress: Pick<ImportProgress, "phase" | "indexed">): void {
    const { items, rejected } = this.#state;
    const { bytes, total } = this.#read;
    this.#options.onProgress?.({ ...progress, items, rejected, bytes, ...(total === undefined ? {} : { totalBytes: total }) });
  }
}

/** A request's worth of a text, and whether the text ends with it. */
interface Gathered {
  bytes: Uint8Array<ArrayBuffer>;
  ends: boolean;
}

/** Small pieces put together, large ones cut. */
async function* gathered(pieces: AsyncIterable<Piece>): AsyncGenerator<Gathered> {
  const buffer = new Uint8Array(PIECE_BYTES);
  let length = 0;
  const take = (ends: boolean) => {
    const bytes = buffer.slice(0, length);
    length = 0;
    return { bytes, ends };
  };
  for await (const piece of pieces) {
    if (piece === "end") {
      yield take(true);
      continue;
    }
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + PIECE_BYTES - length);
      buffer.set(part, length);
      length += part.length;
      at += part.length;
      if (length === PIECE_BYTES) yield take(false);
    }
  }
}

/** Asks for the next element while the last one is worked on. A source that hangs does not keep an abort from being heard. */
async function* ahead<T>(source: AsyncGenerator<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await untilAborted(next, signal);
      if (done) return;
      next = source.next();
      // Its failure is met where it is awaited.
      next.catch(() => {});
      yield value;
    }
  } finally {
    // Its end comes behind the element it was asked for, whenever that is.
    source.return(undefined).catch(() => {});
  }
}
