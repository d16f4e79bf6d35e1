/** One request and its answer, with everything that was measured: what history, explain and the result views show. */
import type { RequestTrace } from "dynatab";
import type { AttributeValue, Item } from "../values/attribute-value.ts";

/** Capacity as DynamoDB reports it, by table and index. */
export interface ConsumedCapacity {
  TableName?: string;
  CapacityUnits?: number;
  Table?: { CapacityUnits?: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
  LocalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

/** The members of answers that the page looks at. */
export interface Answer {
  Items?: Item[];
  Item?: Item;
  Count?: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Record<string, AttributeValue>;
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
  __type?: string;
  message?: string;
  Message?: string;
  [member: string]: unknown;
}

export interface Exchange {
  id: number;
  at: number;
  operation: string;
  /** The request as it was asked for, before anything was added for measuring. */
  input: Record<string, unknown>;
  status: number;
  answer: Answer;
  requestBytes: number;
  responseBytes: number;
  milliseconds: number;
  /** What it did in SQLite, where the database tells. */
  trace: RequestTrace | undefined;
  capacity: ConsumedCapacity[];
}

/** DynamoDB's own errors, as the page throws and shows them. */
export class ServiceError extends Error {
  constructor(
    name: string,
    message: string,
    readonly exchange: Exchange,
  ) {
    super(message);
    this.name = name;
  }
}

/** The error an answer is. */
export function serviceErrorOf(exchange: Exchange): ServiceError {
  const { __type = "UnknownError", message, Message } = exchange.answer;
  return new ServiceError(__type.slice(__type.indexOf("#") + 1), message ?? Message ?? "", exchange);
}
