/**
 * The errors of the package itself, as opposed to the errors DynamoDB answers with (`service-errors.ts`). Each message says what
 * happened and what to do; each class has its own `name`, which also is its name when it crosses from a worker to the page.
 */

import { SqliteError } from "./drivers/driver.ts";

/** SQLite's codes for a file whose pages make no sense, for no room, and for a file that is no database at all. */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** What all errors of the package have in common. */
export class DynatabError extends Error {
  override name = "DynatabError";
}

/**
 * The engine died over this request (a trap), or over others of the same turn, in a way that nobody can tell which of them were carried out. The
 * message says whether this one has changed nothing or is to be looked after; the next call starts a new engine.
 */
export class EngineCrashedError extends DynatabError {
  override name = "EngineCrashedError";
}

/** The worker that runs the database ended or could not start: every waiting call is rejected; open the database again. */
export class WorkerLostError extends DynatabError {
  override name = "WorkerLostError";
}

/** What a request was answered after its caller had given up waiting: a status and DynamoDB's JSON. */
export interface LateReply {
  status: number;
  body: Uint8Array;
}

/**
 * The worker that has the database open, in this tab or another, has not answered for long. It cannot be replaced while it lives, since it
 * holds the database's files.
 */
export class LeaderUnresponsiveError extends DynatabError {
  override name = "LeaderUnresponsiveError";
  /** Tells the AWS SDK that it may try again: the attempt waits for the same request, which is carried out once. */
  readonly $retryable = { throttling: false };
  /** The outcome of the call that was rejected, once it is known. */
  readonly settled: Promise<LateReply> | undefined;

  constructor(message: string, { settled, ...options }: ErrorOptions & { settled?: Promise<LateReply> } = {}) {
    super(message, options);
    this.settled = settled;
  }
}

/** A database in memory that several tabs shared (`multiTab: true`) went with the tab that held it. */
export class DatabaseLostError extends DynatabError {
  override name = "DatabaseLostError";
}

/** Another tab, or another process, has this database open. */
export class DatabaseBusyError extends DynatabError {
  override name = "DatabaseBusyError";
}

/** The database was closed, or is closing, when the call was made. */
export class DatabaseClosedError extends DynatabError {
  override name = "DatabaseClosedError";
}

/** `persistence: "required"` was asked for where nothing durable can be had. */
export class PersistenceUnavailableError extends DynatabError {
  override name = "PersistenceUnavailableError";
}

/** Two parts that must be of one version are not: page and worker, or the package and the database file. */
export class VersionMismatchError extends DynatabError {
  override name = "VersionMismatchError";
}

/** A file of the package (the engine's or SQLite's WebAssembly) could not be loaded. */
export class AssetLoadError extends DynatabError {
  override name = "AssetLoadError";
}

/** The file is a database, but not one of dynatab's. */
export class ForeignDatabaseError extends DynatabError {
  override name = "ForeignDatabaseError";
}

/** What is stored contradicts itself: the file was damaged. Restore a copy, or salvage it with any SQLite. */
export class DatabaseCorruptError extends DynatabError {
  override name = "DatabaseCorruptError";
}

/**
 * There is no room left: the origin's quota, or the disk. The request did nothing, everything before it stands; delete items (a delete always
 * has room) or free the origin's storage, then repeat it.
 */
export class QuotaExceededError extends DynatabError {
  override name = "QuotaExceededError";
}

/** SQLite, or the file system under it, refused a request for a reason none of the other classes names. The request did nothing. */
export class StorageError extends DynatabError {
  override name = "StorageError";
}

/** A commit failed half done, and the database could not be opened again to see whether it stands: read before you repeat the request. */
export class CommitInDoubtError extends DynatabError {
  override name = "CommitInDoubtError";
}

/** The database could not be opened, for a reason none of the other classes names. */
export class OpenFailedError extends DynatabError {
  override name = "OpenFailedError";
}

/** An option has a value that means nothing. */
export class InvalidOptionError extends DynatabError {
  override name = "InvalidOptionError";
}

/** An import has met a record that is no item for its table, and was told to stop there. */
export class ImportRejectedError extends DynatabError {
  override name = "ImportRejectedError";
  /** Which record, counted from 1, and what `PutItem` would answer. */
  readonly rejection: { record: number; name: string; message: string };

  constructor(rejection: { record: number; name: string; message: string }) {
    super(`Record ${rejection.record} of the source is no item for this table: ${rejection.name}: ${rejection.message}`);
    this.rejection = rejection;
  }
}

/** A source is imported under the token of an unfinished import of another one. Nothing of it was written. */
export class ImportSourceChangedError extends DynatabError {
  override name = "ImportSourceChangedError";
}

const classes = {
  DynatabError,
  EngineCrashedError,
  WorkerLostError,
  LeaderUnresponsiveError,
  DatabaseLostError,
  DatabaseBusyError,
  DatabaseClosedError,
  PersistenceUnavailableError,
  VersionMismatchError,
  AssetLoadError,
  ForeignDatabaseError,
  DatabaseCorruptError,
  QuotaExceededError,
  StorageError,
  CommitInDoubtError,
  OpenFailedError,
  InvalidOptionError,
  ImportSourceChangedError,
} as const;

/** The name of one of the package's error classes. */
export type DynatabErrorName = keyof typeof classes;

/** An error as it crosses between worker and page. */
export interface ErrorMessage {
  name: string;
  message: string;
}

/** What of an error crosses: its class by name, and its message. */
export function errorToMessage(error: unknown): ErrorMessage {
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "DynatabError", message: String(error) };
}

/** The error that a message stands for; names that are not ours become `OpenFailedError` with the name kept in the text. */
export function errorFromMessage({ name, message }: ErrorMessage): DynatabError {
  if (Object.hasOwn(classes, name)) return new classes[name as DynatabErrorName](message);
  return new OpenFailedError(`${name}: ${message}`);
}

/** Any error as one of the package's: others are wrapped by the class given, with the original as `cause`. */
export function asDynatabError(error: unknown, Otherwise: new (message: string, options?: ErrorOptions) => DynatabError): DynatabError {
  if (error instanceof DynatabError) return error;
  // The drivers have errors of their own; these have public classes.
  if (error instanceof Error && error.name === "DatabaseBusyError") {
    return new DatabaseBusyError(`${error.message}. Close it there, or use the database object that is open.`, { cause: error });
  }
  const code = error instanceof SqliteError ? error.code & 0xff : 0;
  const full = error instanceof Error && (error.name === "StorageFullError" || error.name === "QuotaExceededError");
  if (error instanceof Error && (full || code === SQLITE_FULL)) {
    return new QuotaExceededError(`${error.message}. Nothing was changed. Free some storage, then try again.`, { cause: error });
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new DatabaseCorruptError(
      `The database's file is damaged: ${(error as Error).message}. Nothing was changed. Dynatab.salvage() gives the file and what can be read of it; put a copy back, or make room for a new database with Dynatab.delete().`,
      { cause: error },
    );
  }
  const { name, message } = errorToMessage(error);
  return new Otherwise(`${name}: ${message}`, { cause: error });
}
