/** Streams in a page, over a database in the origin's private file system: the AWS SDK's client, and `db.changes()` over a reload. */
import { Dynatab } from "dynatab";
import { Replay, type ReplayState } from "../../js/tests/streams/replay.ts";
import { tailWithSdk, tour } from "../../js/tests/streams/sdk-tour.ts";
import { TABLE, tableContents, tableWithStream, writeConcurrently } from "../../js/tests/streams/writers.ts";
import { expose } from "./expose.ts";

let db: Dynatab;
/** Where the tail is kept over a reload: how far it is, and what it has made of that. */
const KEPT = "replay";
const KEPT_EVERY = 50;

function kept(): ReplayState | undefined {
  const text = localStorage.getItem(KEPT);
  return text === null ? undefined : (JSON.parse(text) as ReplayState);
}

export const api = expose({
  async open(name: string) {
    db = await Dynatab.open(name);
    return db.persistence;
  },

  tour: () => tour(db),

  createTable: () => db.execute("CreateTable", tableWithStream).then(() => {}),

  /** Writes while the SDK's client follows; what it has seen in the end, and whether that is the table. */
  async tailWithSdk(writes: number) {
    const replay = new Replay();
    await Promise.all([writeConcurrently(db, writes), tailWithSdk(db, replay, writes)]);
    return { count: replay.count, equal: replay.equals(await tableContents(db)) };
  },

  /** Begins to write; the page may be gone before it is done. */
  beginToWrite(writes: number) {
    void writeConcurrently(db, writes);
  },

  /** Writes to the end: everything after what `from` others have written. */
  write: (writes: number, from: number) => writeConcurrently(db, writes, from),

  /** Follows the changes from where the last page stopped, if there was one, and keeps how far it is every so often. */
  follow() {
    const replay = new Replay(kept());
    const from = replay.after === "" ? { from: "oldest" as const } : { after: replay.after };
    void (async () => {
      for await (const change of db.changes({ TableName: TABLE, ...from })) {
        replay.take(change);
        if (replay.count % KEPT_EVERY === 0) localStorage.setItem(KEPT, JSON.stringify(replay.state));
      }
    })();
    return { begun: replay.count };
  },

  followed: () => kept()?.count ?? 0,

  /** What a follower finds who goes on from what was kept to the newest change; numbers count records. */
  async catchUp() {
    const replay = new Replay(kept());
    const newest = await newestNumber();
    if (replay.after !== newest) {
      for await (const change of db.changes({ TableName: TABLE, after: replay.after })) {
        replay.take(change);
        if (replay.after === newest) break;
      }
    }
    return { count: replay.count, newest: Number(newest), equal: replay.equals(await tableContents(db)) };
  },
});

/** The number of the newest record: of a marker that is written for it. */
async function newestNumber(): Promise<string> {
  const changes = db.changes({ TableName: TABLE });
  await db.execute("PutItem", { TableName: TABLE, Item: { pk: { S: "marker" }, at: { N: String(Date.now()) } } });
  for await (const change of changes) return change.dynamodb.SequenceNumber;
  throw new Error("the table is gone");
}
