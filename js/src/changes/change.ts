/** What `db.changes()` is told and what it gives. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item, or the attributes of a key. Binary values are `Uint8Array`, as in `execute`. */
export type ChangedAttributes = Record<string, AttributeValue>;

/**
 * One change of one item: a record of DynamoDB Streams, which the AWS SDK types as `_Record`. What of the item is in it is for the stream's
 * `StreamViewType` to say.
 */
export interface Change {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: string;
  eventSource: "aws:dynamodb";
  awsRegion: string;
  dynamodb: {
    /** To the second. */
    ApproximateCreationDateTime: Date;
    Keys: ChangedAttributes;
    /** The item after the change. */
    NewImage?: ChangedAttributes;
    /** The item before the change. */
    OldImage?: ChangedAttributes;
    /** Where to go on: the changes `after` this one. Numbers grow with every change of the table. */
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
  };
  /** Who made the change, where it was not a request: `dynamodb.amazonaws.com` for what time to live removed. */
  userIdentity?: { PrincipalId: string; Type: string };
}

/** Which changes are wanted. */
export interface ChangesOptions {
  /** The table, by name or ARN; it must have a stream. */
  TableName: string;
  /** The `SequenceNumber` of the last change that was dealt with: reading goes on behind it. */
  after?: string;
  /** Without `after`: from here on (`"now"`, the default), or from the oldest change there is, up to a day old (`"oldest"`). */
  from?: "now" | "oldest";
  /** Ends it: the iteration rejects with the signal's reason. */
  signal?: AbortSignal;
}
