/**
 * `db.changes()`: the changes of a table's items, one after another, as they are committed.
 *
 * Nothing is pushed but the news that there is something to read. The reader keeps its place and a page of records at most; when the page is used
 * up it reads the next, and when there is none it waits for the news. So a slow consumer costs nothing but the time it is behind.
 */
import { EngineCrashedError, InvalidOptionError } from "../errors.ts";
import type { AskOwn } from "../own-operations.ts";
import { TrimmedDataAccessException } from "../service-errors.ts";
import type { Announcements } from "./announcements.ts";
import type { Change, ChangesOptions } from "./change.ts";
import { ChangesTrimmedError, DatabaseReplacedError, StreamNotEnabledError } from "./errors.ts";

/** What `ReadChanges` answers (`crate/src/actions/database/read_changes.rs`). */
interface ChangesPage {
  Records?: Change[];
  /** Where to go on; absent for a table without a stream. */
  position?: { streamLabel: string; sequenceNumber: string };
  /** There is more to be read at once. */
  more?: boolean;
  /** The table is gone: nothing will come. */
  ended?: boolean;
}

/** Refuses what means nothing. Throws `InvalidOptionError`. */
function check({ TableName, after, from }: ChangesOptions): void {
  if (typeof TableName !== "string") throw new InvalidOptionError("changes() needs the TableName of the table whose changes are wanted.");
  if (after !== undefined && !/^\d{1,40}$/.test(after)) {
    throw new InvalidOptionError(`after must be the SequenceNumber of a change, not ${JSON.stringify(after)}.`);
  }
  if (from !== undefined && from !== "now" && from !== "oldest") {
    throw new InvalidOptionError(`from must be one of now, oldest, not ${JSON.stringify(from)}.`);
  }
}

/** The changes of one table, for one consumer. */
export class Changes implements AsyncIterableIterator<Change> {
  readonly #ask: AskOwn;
  readonly #announcements: Announcements;
  readonly #options: ChangesOptions;
  /** The table's name, as announcements have it. */
  readonly #table: string;
  readonly #release: () => void;
  #page: Change[] = [];
  /** How many of the page are dealt with. */
  #given = 0;
  #position: ChangesPage["position"];
  /** Whether there may be more to read. */
  #unread = true;
  #ended = false;
  /** Another database was loaded: there is no going on from any place in this one. */
  #replaced = false;
  #wake: (() => void) | undefined;
  /** The first read, until it was waited for. */
  #first: Promise<void> | undefined;
  /** Calls of `next` are answered one after another. */
  #turn: Promise<unknown>;

  constructor(ask: AskOwn, announcements: Announcements, options: ChangesOptions) {
    check(options);
    this.#ask = ask;
    this.#announcements = announcements;
    this.#options = { ...options };
    this.#table = options.TableName.slice(options.TableName.lastIndexOf("/") + 1);
    const heard = () => {
      this.#unread = true;
      this.#wake?.();
    };
    const replaced = () => {
      this.#replaced = true;
      this.#wake?.();
    };
    const unsubscribe = announcements.subscribe(this.#table, { changed: heard, replaced });
    const { signal } = options;
    signal?.addEventListener("abort", heard);
    this.#release = () => {
      unsubscribe();
      signal?.removeEventListener("abort", heard);
    };
    // "Now" is when this is made, not when the first change is asked for. What goes wrong is for the first `next` to say.
    const first = this.#read();
    this.#turn = first.catch(() => {});
    this.#first = first;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next change, as soon as there is one. */
  next(): Promise<IteratorResult<Change, undefined>> {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.catch(() => {});
    return next;
  }

  /** Ends the iteration, a `next` that waits included. */
  async return(): Promise<IteratorResult<Change, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.return().then(() => {});
  }

  #end(): void {
    this.#ended = true;
    this.#page = [];
    this.#release();
    this.#wake?.();
  }

  async #next(): Promise<IteratorResult<Change, undefined>> {
    try {
      const first = this.#first;
      this.#first = undefined;
      await first;
      while (!this.#ended) {
        this.#options.signal?.throwIfAborted();
        if (this.#replaced) throw new DatabaseReplacedError(this.#table);
        const change = this.#page[this.#given];
        if (change) {
          this.#given += 1;
          return { done: false, value: change };
        }
        if (this.#unread) await this.#read();
        else await this.#news();
      }
    } catch (error) {
      if (!this.#ended) {
        this.#end();
        throw this.#replaced ? new DatabaseReplacedError(this.#table) : error;
      }
    }
    return { done: true, value: undefined };
  }

  /** Waits for an announcement, an abort or the end. */
  async #news(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  async #read(): Promise<void> {
    // Before the request: what is committed after the read is announced.
    this.#unread = false;
    this.#announcements.watch(this.#table);
    const { Records = [], position, more = false, ended = false } = await this.#readPage();
    if (this.#ended || this.#replaced) return;
    if (!position) throw new StreamNotEnabledError(this.#table);
    this.#page = Records;
    this.#given = 0;
    this.#position = position;
    if (more) this.#unread = true;
    if (ended) this.#end();
  }

  async #readPage(): Promise<ChangesPage> {
    const { TableName: tableName, after, from, signal } = this.#options;
    const place = this.#position ? { position: this.#position } : { after, from };
    const ask = () => this.#ask("ReadChanges", { tableName, ...place }, signal ? { signal } : {}) as Promise<ChangesPage>;
    try {
      try {
        return await ask();
      } catch (error) {
        // Somebody's request was the engine's end. Reading again changes nothing, and finds the next engine.
        if (error instanceof EngineCrashedError) return await ask();
        throw error;
      }
    } catch (error) {
      if (error instanceof TrimmedDataAccessException) {
        throw new ChangesTrimmedError(this.#table, this.#position?.sequenceNumber ?? after ?? "", { cause: error });
      }
      throw error;
    }
  }
}
