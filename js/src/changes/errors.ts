/** Why the changes of a table cannot be had. */
import { DynatabError } from "../errors.ts";

/**
 * Changes behind the place to go on from are gone: records last for a day. It is the same for a place the table's streams never had, as when a
 * table was deleted and made anew. What was built from the changes is to be built again.
 */
export class ChangesTrimmedError extends DynatabError {
  override name = "ChangesTrimmedError";
  /** The place: the `SequenceNumber` behind which to go on. */
  readonly after: string;

  constructor(table: string, after: string, options?: ErrorOptions) {
    super(
      `The changes of table ${table} after ${after} are not all there: records last for 24 hours, and belong to one table. Read the table anew (Scan) and begin with from: "now", or take what is left with from: "oldest".`,
      options,
    );
    this.after = after;
  }
}

/**
 * `load()` has put another database in the place of the one whose changes were read: its tables hold other items, and numbers of changes stand for
 * other changes, those that were kept for `after` included.
 */
export class DatabaseReplacedError extends DynatabError {
  override name = "DatabaseReplacedError";

  constructor(table: string) {
    super(
      `The database was replaced by load(): the changes of table ${table} do not go on from here. Begin with from: "now", read the table anew (Scan), and forget numbers kept for after.`,
    );
  }
}

/** The table has no stream: nothing notes its changes. */
export class StreamNotEnabledError extends DynatabError {
  override name = "StreamNotEnabledError";

  constructor(table: string) {
    super(
      `Table ${table} has no stream. Create it with StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" }, or enable one with UpdateTable.`,
    );
  }
}
