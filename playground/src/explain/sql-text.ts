/** The engine's SQL as people read it: a clause a line, its words told apart, and what a statement is for. */

/** A piece of a statement's text, by what it is. */
export interface SqlPiece {
  kind: "keyword" | "parameter" | "text";
  text: string;
}

const WORDS = /'(?:[^']|'')*'|\?\d*|\w+|\s+|./g;

/** Words that begin a line where they stand outside all brackets. */
const CLAUSES = new Set(["FROM", "WHERE", "ORDER", "LIMIT", "VALUES", "ON", "SET", "RETURNING"]);

const KEYWORDS = new Set(
  `ADD ALTER AND AS BEGIN BY COLUMN COMMIT CONFLICT CREATE DEFAULT DELETE DESC DISTINCT DO DROP EXISTS FROM GLOB IF IMMEDIATE IN INDEX
  INSERT INTEGER INTO IS JOIN KEY LIMIT NOT NULL ON OR ORDER OVER PRAGMA PRIMARY REPLACE RETURNING ROLLBACK ROWS SELECT SET STRICT TABLE
  TEXT UNIQUE UPDATE VALUES WHERE`.split(/\s+/),
);

/** Cuts a statement into pieces, with a line for each clause. */
export function sqlPieces(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let depth = 0;
  let last = "";
  for (const [word] of sql.matchAll(WORDS)) {
    if (word === "(") depth += 1;
    if (word === ")") depth -= 1;
    const clause = depth === 0 && (CLAUSES.has(word) || word === "AND");
    if (clause && pieces.length > 0) {
      if (/^\s+$/.test(last)) pieces.pop();
      pieces.push({ kind: "text", text: word === "AND" ? "\n  " : "\n" });
    }
    const kind = KEYWORDS.has(word) ? "keyword" : word.startsWith("?") ? "parameter" : "text";
    pieces.push({ kind, text: word });
    last = word;
  }
  return pieces;
}

/** One DynamoDB table or index is one SQLite table, `t1`, `t1_g2` or `t1_l3`. */
const rowsOf = (sql: string) => (/\bt\d+_g\d/.test(sql) ? "global index" : /\bt\d+_l\d/.test(sql) ? "local index" : "table");
const rowOf = (sql: string) => (rowsOf(sql) === "table" ? "an item" : `an entry of a ${rowsOf(sql)}`);

/** What statements are for, by the beginning of their text; the first that fits. */
const MEANINGS: [RegExp, string | ((sql: string) => string)][] = [
  [/^BEGIN/, "Begins the transaction"],
  [/^COMMIT/, "Commits the transaction"],
  [/^ROLLBACK/, "Takes the transaction back"],
  [/\bt\d+_u\b/, "Looks after which items of a cache were used last"],
  [/^SELECT size FROM t\d/, (sql) => `Looks up the size of ${rowOf(sql)}, for the table's statistics`],
  [/^SELECT coalesce\(sum\(size\)/, "Adds up an item collection, which may not exceed 10 GB"],
  [/^SELECT size, item FROM t\S+ WHERE h = \?1 AND pk = \?2(?: AND \w+ = \?\d+)+$/, (sql) => `Finds ${rowOf(sql)} by its whole key`],
  [/^SELECT .*\(SELECT b\.size/, "Walks a local index, and fetches from the table what the index does not hold"],
  [/^SELECT .* FROM t\d\S* WHERE h = \?1 AND pk = \?2/, (sql) => `Walks one partition of the ${rowsOf(sql)} in the order of its sort key`],
  [/^SELECT pk, sk, .* ORDER BY (?:cached_at|expires_at)/, "Finds items that are to be deleted behind the requests"],
  [/^SELECT .* FROM t\d/, (sql) => `Walks the ${rowsOf(sql)} in the order of the hashes of its partition keys`],
  [/^INSERT INTO t\d/, (sql) => `Writes ${rowOf(sql)}, in the place of the one with its key if there is one`],
  [/^DELETE FROM t\d/, (sql) => `Deletes ${rowOf(sql)}`],
  [/^UPDATE t\d+ SET cached_at/, "Notes which items of a cache were used"],
  [/^UPDATE t\d+ SET expires_at/, "Notes when items expire"],
  [/^UPDATE counters/, "Keeps the table's item count, its size, and its last sequence number"],
  [/^INSERT INTO counters.*receipt/, "Numbers the commit, so that the file tells after a crash whether it stands"],
  [/\bcounters\b/, "Looks after the table's statistics"],
  [/^INSERT INTO stream_records/, "Appends a record to the table's stream"],
  [/\bstream_records\b|\bstreams\b/, "Looks after the table's stream"],
  [/\bledger\b/, "Keeps the reply, should another tab have to ask again"],
  [/\brequest_tokens\b/, "Remembers the request's token, so that a repeated transaction is done once"],
  [/\btags\b/, "Looks after the table's tags"],
  [/^(?:CREATE|DROP|ALTER)/, "Makes or removes a SQLite table or index behind a table or index"],
  [/\b(?:tables|indexes)\b/, "Looks after the table's definition"],
  [/^PRAGMA|sqlite_version/, "Asks SQLite about its file"],
];

/** What a statement is for, in words; undefined for one that is not known. */
export function sqlMeaning(sql: string): string | undefined {
  const found = MEANINGS.find(([pattern]) => pattern.test(sql))?.[1];
  return typeof found === "function" ? found(sql) : found;
}
