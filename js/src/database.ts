/**
 * An open database, the same wherever its engine runs. `Dynatab` in `index.ts` (browsers) and in `node/index.ts` is this class plus
 * `open`.
 */
import { type CacheOptions, updateCache } from "./cache.ts";
import { Announcements } from "./changes/announcements.ts";
import type { Change, ChangesOptions } from "./changes/change.ts";
import { Changes } from "./changes/changes.ts";
import type { Counters } from "./counters.ts";
import { asBlob, type Dump } from "./dump/source.ts";
import { DatabaseClosedError } from "./errors.ts";
import { answerFetch } from "./fetch.ts";
import { type Operations, STREAM_OPERATIONS, type StreamOperationName } from "./generated/operations.ts";
import { replyShapes } from "./generated/reply-shapes.ts";
import type { ImportOptions, ImportResult } from "./import/import-items.ts";
import type { ImportSource } from "./import/pieces.ts";
import { latencyOf, wait } from "./latency.ts";
import { logClosed, logged, logOpened } from "./logger.ts";
import { type CommonOptions, DEFAULT_REGION, type Persistence } from "./options.ts";
import { type AskOwn, ownBody, ownReplyShapes, ownTarget, publicTarget } from "./own-operations.ts";
import { newRequestId } from "./request-id.ts";
import { RequestQueue } from "./request-queue.ts";
import type { RequestTrace } from "./request-trace.ts";
import { type ClientConfig, makeClientConfig } from "./sdk.ts";
import { serviceError } from "./service-errors.ts";
import { type DatabaseStats, readStats } from "./stats.ts";
import { readStorage, type StorageReport } from "./storage-report.ts";
import { setTime } from "./time.ts";
import type { Transport } from "./transport.ts";
import { untilAborted } from "./until-aborted.ts";
import { type VacuumOptions, type VacuumProgress, vacuumDatabase } from "./vacuum.ts";
import { fromWireJson, toWireJson } from "./wire-values.ts";

/** An HTTP-shaped answer to `dispatch`: header names are lower case, the body is DynamoDB's JSON. */
export interface DispatchReply {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What a call can be told. */
export interface CallOptions {
  /** Gives up waiting. A request that was sent may be carried out all the same. */
  signal?: AbortSignal;
  /**
   * An id of the caller's own for this request, never used for another. A call with the id of one that rejected with
   * `LeaderUnresponsiveError` gets that one's answer; it is not carried out a second time. The AWS SDK's retries do so by themselves.
   */
  id?: string;
}

/** What a request can be told. */
export interface RequestOptions extends CallOptions {
  /**
   * Hears, before the call settles, what the request did in SQLite: crossings, statements, rows, bytes. The request travels and runs by itself
   * for that, whichever tab has the database open. One that had to be sent again tells of the last time, and one that joins another by its `id`
   * tells nothing.
   */
  onTrace?: (trace: RequestTrace) => void;
}

/** The operations `execute` knows the types of. */
export type OperationName = keyof Operations;

const CONTENT_TYPE = "application/x-amz-json-1.0";
const decoder = new TextDecoder();

/** The options a database in the page keeps; the others concern its opening. */
export type DatabaseOptions = Pick<CommonOptions, "region" | "latency" | "logger">;

/** Takes an answer out of a buffer that serves other requests afterwards. */
type Read<T> = (status: number, body: Uint8Array) => T;
const asText = (status: number, body: Uint8Array) => ({ status, text: decoder.decode(body) });
const asBytes = (status: number, body: Uint8Array) => ({ status, body: body.slice() });

/** The full target of an operation's name, as it stands in `X-Amz-Target`. */
function targetOf(operation: string): string {
  return `${STREAM_OPERATIONS.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810"}.${operation}`;
}

/** An open database, wherever its engine runs. */
export class Database implements AsyncDisposable {
  /** The name it was opened with. */
  readonly name: string;
  /** Where the data is. */
  readonly persistence: Persistence;
  /** Why it is in memory, where something durable was wished for and could not be had. */
  readonly persistenceReason: string | undefined;
  /** The region that ARNs and messages name. */
  readonly region: string;
  readonly #transport: Transport;
  readonly #queue: RequestQueue;
  readonly #options: DatabaseOptions;
  /** Requests that wait out their made-up latency. */
  readonly #delayed = new Set<Promise<void>>();
  readonly #announcements: Announcements;
  #closed: Promise<void> | undefined;

  /** Made by `Dynatab.open`. */
  constructor(name: string, transport: Transport, options: DatabaseOptions = {}) {
    this.name = name;
    this.region = options.region ?? DEFAULT_REGION;
    this.persistence = transport.opened.persistence;
    this.persistenceReason = transport.opened.reason;
    this.#transport = transport;
    this.#queue = new RequestQueue(transport);
    this.#options = options;
    if (options.logger) logOpened(options.logger, name, this.persistence, this.persistenceReason);
    this.#announcements = new Announcements(transport);
  }

  /**
   * Runs one operation. Binary values are `Uint8Array`, timestamps `Date`, everything else as in DynamoDB's JSON.
   *
   * Rejects with a `DynamoDBServiceError` when DynamoDB answers with an error, with a `DynatabError` when no answer can be had.
   */
  execute<Name extends OperationName>(
    operation: Name,
    input: Operations[Name]["input"],
    options?: RequestOptions,
  ): Promise<Operations[Name]["output"]>;
  /** The same for DynamoDB Streams, whose types the AWS SDK keeps in another package. */
  execute(operation: StreamOperationName, input: object, options?: RequestOptions): Promise<Record<string, unknown>>;
  async execute(operation: string, input: object, options: RequestOptions = {}): Promise<object> {
    const { status, text } = await this.#ask(targetOf(operation), toWireJson(input), options, asText);
    // Here, and not as the answer arrives, so that an error's stack leads to the caller.
    const metadata = { httpStatusCode: status, requestId: newRequestId() };
    if (status !== 200) throw serviceError(text, metadata);
    const output = fromWireJson(text, replyShapes[operation]);
    output.$metadata = metadata;
    return output;
  }

  /**
   * The raw door: a target such as `DynamoDB_20120810.GetItem` and a JSON body in, status, headers and JSON body out. Errors of DynamoDB
   * are answers here.
   */
  async dispatch(target: string, body: string | Uint8Array, options: RequestOptions = {}): Promise<DispatchReply> {
    const reply = await this.#ask(publicTarget(target), body, options, asBytes);
    return {
      status: reply.status,
      headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": newRequestId(), "content-length": String(reply.body.length) },
      body: reply.body,
    };
  }

  /**
   * The same door in the shape of `fetch`: DynamoDB's HTTP API under whatever address, for clients that take a `fetch` function. Signatures
   * are not asked for. It needs no `this`: `const { fetch } = db` works.
   */
  readonly fetch: typeof globalThis.fetch = (input, init) => answerFetch(this, input, init);

  /** What the AWS SDK for JavaScript v3 needs to talk to this database: `new DynamoDBClient(db.clientConfig())`. */
  clientConfig(): ClientConfig {
    return makeClientConfig(this);
  }

  /**
   * The changes of a table's items, in order, each once, as they are committed: records of the table's stream, which must be enabled. It goes on
   * though the stream is disabled and enabled again, and ends when the table is deleted. Leaving the loop releases everything.
   *
   * Rejects with `StreamNotEnabledError` for a table without a stream, `ChangesTrimmedError` when changes to go on from are gone,
   * `DatabaseReplacedError` when `load` has put another database in this one's place, the signal's reason when it is aborted, `DatabaseClosedError` and otherwise like `execute`.
   */
  changes(options: ChangesOptions): AsyncIterableIterator<Change> & AsyncDisposable {
    return new Changes(this.#askOwn, this.#announcements, options);
  }

  /** How large the database is, what is in it, and what it rests on. */
  stats(options?: CallOptions): Promise<DatabaseStats> {
    return readStats(this.#askOwn, this.persistence, options);
  }

  /**
   * Makes a table a cache that keeps at most `maxItems` items; `null` makes it an ordinary table again. Kept with the table. Which items go is
   * told in `CacheOptions`.
   */
  cache(tableName: string, cache: CacheOptions | null, options?: CallOptions): Promise<void> {
    return updateCache(this.#askOwn, tableName, cache, options);
  }

  /**
   * Lets the database's clock show that time (a Date, or milliseconds since 1970) and go on from there; `null` lets it show the real time again.
   * Everything that happens by the clock does so by it: items expire, stream records are trimmed, tables leave their states. For tests: it
   * works wherever the engine runs, and lasts until the database is closed.
   */
  setTime(time: Date | number | null, options?: CallOptions): Promise<Date> {
    return setTime(this.#askOwn, time, options);
  }

  /**
   * Gives the room back that the database does not use, in steps of a few milliseconds between other requests. It may be aborted at any
   * time, and goes on from there when it is called again.
   */
  vacuum(options?: VacuumOptions): Promise<VacuumProgress> {
    return vacuumDatabase(this.#askOwn, options);
  }

  /**
   * Stores the items of a source of any size in a table: DynamoDB's own export, JSON or CSV, from files, streams or iterables. Items are
   * held to what `PutItem` holds them to; memory does not grow with the source, others are answered meanwhile, and a call that was
   * interrupted (a closed page, a crash) goes on when it is made again with the same file or `clientToken`.
   */
  async importItems(tableName: string, source: ImportSource, options?: ImportOptions): Promise<ImportResult> {
    const { importItems } = await import("./import/import-items.ts");
    return importItems(this, this.#askOwn, tableName, source, options);
  }

  /** Where the data is, whether the browser has promised to keep it, and how much room there is. */
  storage(options?: CallOptions): Promise<StorageReport> {
    return untilAborted(readStorage(this.persistence, this.persistenceReason), options?.signal);
  }

  /**
   * The whole database as one SQLite file, as it stands between two requests: to be kept, sent, or given to `load`. Requests wait while it is
   * copied. Of a database in memory it is a copy row by row, in memory again; in Node every `Blob` is in memory, and `dumpTo` of `dynatab/node`
   * writes a file.
   */
  dump({ signal }: CallOptions = {}): Promise<Blob> {
    return this.behindRequests(() => this.#transport.dump(), signal);
  }

  /** Something that concerns the whole database, after the requests made before it were sent. */
  protected behindRequests<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    this.#queue.flush();
    return untilAborted(work(), signal);
  }

  /**
   * Replaces everything in this database by what is in a file that `dump` gave. The file is written beside the database and checked first: one
   * that is not dynatab's is refused with `ForeignDatabaseError`, one of a newer version with `VersionMismatchError`, a damaged one with
   * `DatabaseCorruptError`, and nothing has changed then. A crash in the middle leaves the one or the other, whole. Once the file has been
   * taken in, the signal only ends the waiting.
   */
  async load(file: Dump, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const blob = await asBlob(file);
    signal?.throwIfAborted();
    await this.behindRequests(() => this.#transport.load(blob), signal);
  }

  /** How often the engine went to SQLite, and with how much. */
  counters({ signal }: CallOptions = {}): Promise<Counters> {
    if (this.#closed) return Promise.reject(this.#closedError());
    return untilAborted(this.#transport.counters(), signal);
  }

  /** Waits for the requests already made, then closes the database. Later calls reject with `DatabaseClosedError`. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = this.#close();
      // Who waits for changes looks again, and hears of it.
      this.#announcements.changed();
    }
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#delayed.size > 0) await Promise.allSettled(this.#delayed);
    this.#queue.flush();
    try {
      await this.#transport.close();
    } finally {
      this.#queue.lost(this.#closedError());
      if (this.#options.logger) logClosed(this.#options.logger, this.name);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One of the package's own operations, for the doors that are built on them. */
  readonly #askOwn: AskOwn = async (operation, input, { piece, ...options } = {}) => {
    const { status, text } = await this.#ask(ownTarget(operation), ownBody(input, piece), options, asText);
    if (status !== 200) throw serviceError(text, { httpStatusCode: status, requestId: newRequestId() });
    return fromWireJson(text, ownReplyShapes[operation]);
  };

  /** Makes a request, as late and as loudly as the options say. `read` takes what it needs of the answer as it arrives. */
  #ask<T extends { status: number }>(target: string, body: string | Uint8Array, options: RequestOptions, read: Read<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    const { latency, logger } = this.#options;
    const answer = latency === undefined ? this.#send(target, body, options, read) : this.#sendLater(target, body, options, read);
    return logger ? logged(logger, target, answer) : answer;
  }

  async #sendLater<T>(target: string, body: string | Uint8Array, options: RequestOptions, read: Read<T>): Promise<T> {
    const kept = typeof body === "string" ? body : body.slice();
    const delay = wait(latencyOf(this.#options.latency ?? 0, target), options.signal);
    this.#delayed.add(delay);
    try {
      await delay;
      return this.#send(target, kept, options, read);
    } finally {
      this.#delayed.delete(delay);
    }
  }

  #send<T>(target: string, body: string | Uint8Array, { signal, id, onTrace }: RequestOptions, read: Read<T>): Promise<T> {
    let traced: RequestTrace | undefined;
    const answer = new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const answered = (status: number, bytes: Uint8Array, trace?: RequestTrace) => {
        traced = trace;
        resolve(read(status, bytes));
      };
      this.#queue.dispatch(target, body, { answered, failed: reject }, id, onTrace !== undefined);
    });
    const awaited = untilAborted(answer, signal);
    if (!onTrace) return awaited;
    return awaited.then((value) => {
      if (traced) onTrace(traced);
      return value;
    });
  }

  #closedError(): DatabaseClosedError {
    return new DatabaseClosedError(`The database ${JSON.stringify(this.name)} is closed: open it again with Dynatab.open().`);
  }
}
