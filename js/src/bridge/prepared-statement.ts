/** A statement as the executor keeps it. */
import type { Pointer } from "../drivers/driver.ts";

export interface PreparedStatement {
  readonly pointer: Pointer;
  /** How many of its parameters still have the last run's values. */
  bound: number;
  /** Whether it is the one that makes a transaction stand. */
  readonly commits: boolean;
}

/** "COMMIT", as the engine writes it (`crate/src/storage_backend/sql_builders/mod.rs`): its first four letters, and the last two. */
const [COMM, IT] = [0x434f_4d4d, 0x4954];
const COMMIT_BYTES = 6;

/** Whether that is what a text says. */
export function isCommit(data: DataView, text: Pointer, length: number): boolean {
  return length === COMMIT_BYTES && data.getUint32(text) === COMM && data.getUint16(text + 4) === IT;
}
