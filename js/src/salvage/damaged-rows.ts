/**
 * Reading what can be read of a table whose pages are damaged. SQLite stops at the first damaged page, so the table is read in stretches of
 * row numbers: from both ends up to the damage, and what lies between is halved until no stretch is left that could hold anything.
 */
import { type SqliteDriver, SqliteError } from "../drivers/driver.ts";
import { quoted } from "../dump/copy-database.ts";
import { Prepared, type SqlValue } from "../dump/prepared.ts";

/** Row numbers between these, both exclusive. */
type Stretch = readonly [above: bigint, below: bigint];

const EVERYTHING: Stretch = [-(2n ** 63n), 2n ** 63n - 1n];
/** Where so many stretches in a row give no row, the way to all of them is damaged. */
const MOST_IN_VAIN = 10_000;

/** A row: its number, then the column's value. */
type Row = readonly [number: SqlValue, value: SqlValue];

/** Gives a column's value in every row that can be read, each row once. `damaged` hears of every place where reading broke off. */
export function* readableValues(
  driver: SqliteDriver,
  table: string,
  column: string,
  damaged: (error: SqliteError) => void,
): Generator<SqlValue> {
  const rest: Stretch[] = [EVERYTHING];
  let inVain = 0;
  for (let stretch = rest.pop(); stretch && inVain < MOST_IN_VAIN; stretch = rest.pop()) {
    const forwards = yield* readStretch(driver, table, column, stretch, "ASC");
    if (!forwards.error) continue;
    damaged(forwards.error);
    const behind: Stretch = [forwards.last ?? stretch[0], stretch[1]];
    const backwards = yield* readStretch(driver, table, column, behind, "DESC");
    if (!backwards.error) continue;
    inVain = forwards.last === undefined && backwards.last === undefined ? inVain + 1 : 0;
    const [above, below] = [behind[0], backwards.last ?? behind[1]];
    const middle = above + (below - above) / 2n;
    // Both ends are next to damage. A stretch of one number has been tried by now.
    if (below - above > 2n) rest.push([above, middle + 1n], [middle, below]);
  }
}

/** Reads one way until the end or the first damage; gives the last row's number and what stopped it. */
function* readStretch(
  driver: SqliteDriver,
  table: string,
  column: string,
  [above, below]: Stretch,
  order: "ASC" | "DESC",
): Generator<SqlValue, { last?: bigint; error?: SqliteError }> {
  let last: bigint | undefined;
  let query: Prepared | undefined;
  const outcome = (error?: SqliteError) => ({ ...(last === undefined ? {} : { last }), ...(error ? { error } : {}) });
  try {
    const range = `WHERE rowid > ? AND rowid < ? ORDER BY rowid ${order}`;
    query = new Prepared(driver, `SELECT rowid, ${quoted(column)} FROM ${quoted(table)} ${range}`);
    query.start([above, below]);
    for (let row = query.next() as Row | undefined; row; row = query.next() as Row | undefined) {
      last = BigInt(row[0] as number | bigint);
      yield row[1];
    }
    return outcome();
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    return outcome(error);
  } finally {
    query?.finalize();
  }
}
