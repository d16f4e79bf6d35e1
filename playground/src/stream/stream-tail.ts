/** A table's stream as it grows: told by the database, which is asked nothing while nothing is written; an endpoint is asked again and again. */
import type { Change } from "dynatab";
import type { OpenDatabase } from "../database/open-database.ts";
import type { Item } from "../values/attribute-value.ts";
import { pollStream } from "./stream-polling.ts";

/** A record as it travels: binary values are texts, as everywhere in the page. */
export interface StreamRecord {
  eventID: string;
  eventName: Change["eventName"];
  userIdentity?: Change["userIdentity"];
  /** When it was written, in milliseconds since 1970. */
  at: number;
  keys: Item;
  newImage: Item | undefined;
  oldImage: Item | undefined;
}

/** Binary values of the package's own types in base64. */
function wireItem(item: object): Item {
  const text = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const asText = (_: string, value: unknown) => (value instanceof Uint8Array ? text(value) : value);
  return JSON.parse(JSON.stringify(item, asText)) as Item;
}

function recordOf({ eventID, eventName, userIdentity, dynamodb }: Change): StreamRecord {
  const { ApproximateCreationDateTime, Keys, NewImage, OldImage } = dynamodb;
  return {
    eventID,
    eventName,
    ...(userIdentity && { userIdentity }),
    at: ApproximateCreationDateTime.getTime(),
    keys: wireItem(Keys),
    newImage: NewImage && wireItem(NewImage),
    oldImage: OldImage && wireItem(OldImage),
  };
}

export interface TailOptions {
  table: string;
  /** The table's stream. */
  arn: string;
  most: number;
  signal: AbortSignal;
}

/**
 * The table's writes of the last day and then those that come, until the signal ends it: at most the latest `most` at a time, the newest first,
 * no oftener than the page is drawn.
 */
export async function tail(
  database: OpenDatabase,
  { table, arn, most, signal }: TailOptions,
  tell: (records: StreamRecord[]) => void,
): Promise<void> {
  const { dynatab } = database;
  if (!dynatab) return pollStream(database, { arn, signal }, (records) => tell(records.slice(-most).reverse()));
  let waiting: Change[] = [];
  const flush = () => {
    const told = waiting.slice(-most).reverse().map(recordOf);
    waiting = [];
    if (!signal.aborted) tell(told);
  };
  for await (const change of dynatab.changes({ TableName: table, from: "oldest", signal })) {
    if (waiting.length === 0) requestAnimationFrame(flush);
    waiting.push(change);
    // While the page is hidden nothing is drawn.
    if (waiting.length > 2 * most) waiting = waiting.slice(-most);
  }
}
