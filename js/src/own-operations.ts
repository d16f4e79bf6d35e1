/**
 * The package's own operations: what a database can be asked beside DynamoDB's API. They travel as ordinary requests under a target prefix of
 * their own, so they reach the engine over every transport and stand in order with everything else. Their bodies are the JSON of the
 * package's own types, answered by `crate/src/actions/database/`.
 */
import type { CallOptions } from "./database.ts";
import { replyShapes } from "./generated/reply-shapes.ts";
import type { ReplyShape } from "./wire-values.ts";

/** Target prefix of the package's own operations. */
const PREFIX = "Dynatab.";

/** The package's own operations. */
export type OwnOperationName =
  | "DescribeDatabase"
  | "ReadChanges"
  | "SetTime"
  | "UpdateCache"
  | "Vacuum"
  | "StartImport"
  | "ImportItems"
  | "EndImport"
  | "FillIndexes";

/** What of their replies JSON has no type for. */
export const ownReplyShapes: { readonly [Name in OwnOperationName]?: ReplyShape } = { ReadChanges: replyShapes.GetRecords! };

/** What a call of one of them can be told. */
export interface OwnCallOptions extends CallOptions {
  /** Goes with the request as it is, in the lines behind its JSON. */
  piece?: Uint8Array;
}

/** Asks for one of them. Rejects like `execute`. */
export type AskOwn = (operation: OwnOperationName, input: object, options?: OwnCallOptions) => Promise<unknown>;

/** The body of one: its JSON, and behind it what goes with it as it is. */
export function ownBody(input: object, piece: Uint8Array | undefined): string | Uint8Array {
  const json = JSON.stringify(input);
  if (!piece?.length) return json;
  const line = new TextEncoder().encode(`${json}\n`);
  const body = new Uint8Array(line.length + piece.length);
  body.set(line);
  body.set(piece, line.length);
  return body;
}

/** Its target. */
export function ownTarget(operation: OwnOperationName): string {
  return PREFIX + operation;
}

/** The target as a door for others' requests passes it on: one of the package's own names no operation there. */
export function publicTarget(target: string): string {
  return target.startsWith(PREFIX) ? "" : target;
}
