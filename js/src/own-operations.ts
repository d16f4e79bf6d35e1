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
export type OwnOperationName = "DescribeDatabase" | "ReadChanges" | "Vacuum";

/** What of their replies JSON has no type for. */
export const ownReplyShapes: { readonly [Name in OwnOperationName]?: ReplyShape } = { ReadChanges: replyShapes.GetRecords! };

/** Asks for one of them. Rejects like `execute`. */
export type AskOwn = (operation: OwnOperationName, input: object, options?: CallOptions) => Promise<unknown>;

/** Its target. */
export function ownTarget(operation: OwnOperationName): string {
  return PREFIX + operation;
}

/** The target as a door for others' requests passes it on: one of the package's own names no operation there. */
export function publicTarget(target: string): string {
  return target.startsWith(PREFIX) ? "" : target;
}
