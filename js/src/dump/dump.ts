/** `db.dump()` and `db.load()`: a whole database as one SQLite file. */
import type { Connection } from "../connection.ts";
import type { SqliteDriver } from "../drivers/driver.ts";
import { querySql } from "../drivers/statement.ts";
import type { SyncFile } from "../drivers/vfs/sync-file.ts";
import type { EngineHost } from "../engine-host.ts";
import { asDynatabError, DatabaseCorruptError, ForeignDatabaseError, StorageError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Our files' application id, "dyta" (`crate/src/storage_backend/sql_builders/catalog.rs`), and where it stands in a file. */
const APPLICATION_ID = 0x6479_7461;
const APPLICATION_ID_AT = 68;
const PAGE_BYTES_AT = 16;
const PAGE_COUNT_AT = 28;

/** The database as it stands between two batches of requests. */
export async function dumpDatabase(host: EngineHost): Promise<Blob> {
  try {
    return await host.alone((connection) => exchangeOf(connection).dump());
  } catch (error) {
    throw asDynatabError(error, StorageError);
  }
}

/** The same into a file, which is empty. */
export async function dumpDatabaseInto(host: EngineHost, file: SyncFile): Promise<void> {
  try {
    await host.alone((connection) => exchangeOf(connection).dumpInto(file));
  } catch (error) {
    throw asDynatabError(error, StorageError);
  }
}

/**
 * Replaces the database by one in a file. Requests go on while the file is taken in and looked at; they wait only while it is put in place.
 * Rejects, and leaves the database as it is, for a file that is not one of ours, is newer than this build, or is damaged.
 */
export async function loadDatabase(host: EngineHost, file: Blob): Promise<void> {
  await checkHeader(file);
  try {
    await replaceDatabase(host, file);
  } catch (error) {
    throw asDynatabError(error, StorageError);
  }
}

async function replaceDatabase(host: EngineHost, file: Blob): Promise<void> {
  const connection = await host.alone(async (present) => present);
  const incoming = await exchangeOf(connection).receive(file);
  let accepted = false;
  try {
    // The engine refuses what is foreign or newer, and brings what is older up to date.
    await host.tryOut(async () => {
      const tried = await incoming.connect();
      checkContent(tried.driver);
      return tried;
    });
    await host.alone(async (present) => {
      if (present !== connection) throw new StorageError("The database was opened anew while the file was taken in: load it again.");
      const next = await incoming.accept();
      accepted = true;
      await host.renew(next);
    });
  } catch (error) {
    if (!accepted) await incoming.discard();
    throw error;
  }
}

function exchangeOf({ exchange }: Connection): Exchange {
  if (!exchange) throw new StorageError("This database cannot go out or come in as a file.");
  return exchange;
}

/** What a file's first bytes tell, so that nothing is written for what is no database of ours. */
async function checkHeader(file: Blob): Promise<void> {
  const bytes = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  if (bytes.length < HEADER_BYTES || new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new ForeignDatabaseError("The file is no SQLite database: load what db.dump() gave.");
  }
  const header = new DataView(bytes.buffer);
  if (header.getUint32(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new ForeignDatabaseError("The file is an SQLite database, but not one of dynatab's: load what db.dump() gave.");
  }
  const pageBytes = header.getUint16(PAGE_BYTES_AT) === 1 ? 65536 : header.getUint16(PAGE_BYTES_AT);
  if (file.size < header.getUint32(PAGE_COUNT_AT) * pageBytes || file.size % pageBytes !== 0) {
    throw new DatabaseCorruptError("The file is shorter than its header says, or broken off: copy it again from where it came.");
  }
}

/** Whether all of it is sound, and made of nothing but tables and indexes: a trigger of somebody else's would run with our writes. */
function checkContent(driver: SqliteDriver): void {
  const [found] = querySql(driver, "PRAGMA integrity_check(1)");
  if (found?.[0] !== "ok") throw new DatabaseCorruptError(`The file is damaged (${found?.[0]}): nothing was replaced.`);
  const [others] = querySql(driver, "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')");
  if (others?.[0] !== "0")
    throw new ForeignDatabaseError("The file has triggers or views, which dynatab never makes: nothing was replaced.");
}
