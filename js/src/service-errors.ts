/**
 * The errors DynamoDB answers with, as classes: `instanceof` and `name` both tell them apart, and members beyond the message (`Item`,
 * `CancellationReasons`) are properties, typed where the service model has any.
 */

import type { AttributeValue, CancellationReason } from "@aws-sdk/client-dynamodb";
import { type DynatabError, errorFromMessage } from "./errors.ts";
import { errorShapes } from "./generated/reply-shapes.ts";
import { fromWireJson } from "./wire-values.ts";

/** What is known of the reply beside its body, named as in the AWS SDK. */
export interface ReplyMetadata {
  httpStatusCode: number;
  requestId: string;
}

/** Any error DynamoDB answers with. `name` and `code` are the service's name for it, such as `ValidationException`. */
export class DynamoDBServiceError extends Error {
  readonly code: string;
  readonly $fault: "client" | "server";
  readonly $metadata: ReplyMetadata;

  constructor(name: string, message: string, metadata: ReplyMetadata) {
    super(message);
    this.name = name;
    this.code = name;
    this.$fault = metadata.httpStatusCode < 500 ? "client" : "server";
    this.$metadata = metadata;
  }
}

/** The request breaks a rule; the message says which. */
export class ValidationException extends DynamoDBServiceError {}
/** The body is not what the operation's model says (wrong JSON types). */
export class SerializationException extends DynamoDBServiceError {}
/** There is no such operation. */
export class UnknownOperationException extends DynamoDBServiceError {}
/** There is no such table, index or stream. */
export class ResourceNotFoundException extends DynamoDBServiceError {}
/** The table exists already, or is being created or deleted. */
export class ResourceInUseException extends DynamoDBServiceError {}
/** A condition was false; `Item` is what stands there, if it was asked for. */
export class ConditionalCheckFailedException extends DynamoDBServiceError {
  declare readonly Item?: Record<string, AttributeValue>;
}
/** A transaction was not carried out; `CancellationReasons` has one entry for each of its items. */
export class TransactionCanceledException extends DynamoDBServiceError {
  declare readonly CancellationReasons?: CancellationReason[];
}
/** Another transaction holds the item. */
export class TransactionConflictException extends DynamoDBServiceError {}
/** The transaction with this token is still running. */
export class TransactionInProgressException extends DynamoDBServiceError {}
/** The token was used with another request. */
export class IdempotentParameterMismatchException extends DynamoDBServiceError {}
/** An item with this key exists (PartiQL INSERT). */
export class DuplicateItemException extends DynamoDBServiceError {}
/** An item collection has outgrown 10 GB. */
export class ItemCollectionSizeLimitExceededException extends DynamoDBServiceError {}
/** Too many tables, indexes or operations of this kind at once. */
export class LimitExceededException extends DynamoDBServiceError {}
/** The table's throughput is used up. */
export class ProvisionedThroughputExceededException extends DynamoDBServiceError {}
/** The records were trimmed from the stream. */
export class TrimmedDataAccessException extends DynamoDBServiceError {}
/** There is no such resource policy, or none of that revision. */
export class PolicyNotFoundException extends DynamoDBServiceError {}
/** What was changed just now cannot be changed again yet; the message says when. */
export class ThrottlingException extends DynamoDBServiceError {}
/** The shard iterator is too old. */
export class ExpiredIteratorException extends DynamoDBServiceError {}
/** The engine failed. */
export class InternalServerError extends DynamoDBServiceError {}

const classes: Readonly<Record<string, typeof DynamoDBServiceError>> = {
  ValidationException,
  SerializationException,
  UnknownOperationException,
  ResourceNotFoundException,
  ResourceInUseException,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  IdempotentParameterMismatchException,
  DuplicateItemException,
  ItemCollectionSizeLimitExceededException,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  TrimmedDataAccessException,
  PolicyNotFoundException,
  ThrottlingException,
  ExpiredIteratorException,
  InternalServerError,
};

const ENVELOPE = new Set(["__type", "message", "Message"]);

/** What stands before the names of the package's own errors in a reply. */
const OWN = "dynatab#";

/** The error an unsuccessful reply stands for: one of the service's, or of the package's where the storage under the engine failed. */
export function serviceError(text: string, metadata: ReplyMetadata): DynamoDBServiceError | DynatabError {
  let members: Record<string, unknown> = {};
  let name = "UnknownError";
  try {
    const type = (JSON.parse(text) as { __type?: string }).__type ?? name;
    if (type.startsWith(OWN)) return errorFromMessage({ name: type.slice(OWN.length), message: messageOf(JSON.parse(text)) });
    name = type.slice(type.lastIndexOf("#") + 1);
    members = fromWireJson(text, errorShapes[name]);
  } catch {
    // Not JSON: the reply's text is all there is to say.
    members = { message: text };
  }
  const message = messageOf(members);
  const Class = Object.hasOwn(classes, name) ? classes[name]! : DynamoDBServiceError;
  const error = new Class(name, message, metadata);
  for (const [member, value] of Object.entries(members)) if (!ENVELOPE.has(member)) Object.assign(error, { [member]: value });
  return error;
}

/** Services disagree about the member's case. */
function messageOf({ message, Message }: { message?: unknown; Message?: unknown }): string {
  return String(message ?? Message ?? "");
}
