/** A database that is open, and the one way every part of the page asks it. */
import { Dynatab, type OpenOptions, type RequestTrace } from "dynatab";
import { STREAM_OPERATIONS } from "../requests/operations.ts";
import { type Answer, type ConsumedCapacity, type Exchange, serviceErrorOf } from "./exchange.ts";

/** Operations that can say what they consumed. */
const CAPACITY_OPERATIONS = new Set([
  "BatchExecuteStatement",
  "BatchGetItem",
  "BatchWriteItem",
  "DeleteItem",
  "ExecuteStatement",
  "ExecuteTransaction",
  "GetItem",
  "PutItem",
  "Query",
  "Scan",
  "TransactGetItems",
  "TransactWriteItems",
  "UpdateItem",
]);

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function capacities({ ConsumedCapacity: found }: Answer): ConsumedCapacity[] {
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** The target header of an operation. */
export function targetOf(operation: string): string {
  return `${STREAM_OPERATIONS.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810"}.${operation}`;
}

export class OpenDatabase {
  #next = 1;

  private constructor(readonly dynatab: Dynatab) {}

  /** Opens it: durable where the browser can keep it, otherwise in memory, which `persistence` tells. */
  static async open(name: string, options: OpenOptions = {}): Promise<OpenDatabase> {
    return new OpenDatabase(await Dynatab.open(name, options));
  }

  get name(): string {
    return this.dynatab.name;
  }

  get inMemory(): boolean {
    return this.dynatab.persistence === "memory";
  }

  /** Asks without measuring: the answer, or `ServiceError`. */
  async ask(operation: string, input: object = {}): Promise<Answer> {
    const started = performance.now();
    const { status, body } = await this.dynatab.dispatch(targetOf(operation), JSON.stringify(input));
    const answer = JSON.parse(decoder.decode(body)) as Answer;
    if (status === 200) return answer;
    throw serviceErrorOf({
      ...this.#exchange(operation, input as Record<string, unknown>, started),
      status,
      answer,
    });
  }

  /** Asks, measures and tells everything, errors of DynamoDB included. */
  async run(operation: string, given: object): Promise<Exchange> {
    const input = given as Record<string, unknown>;
    const measures = CAPACITY_OPERATIONS.has(operation) && !Object.hasOwn(input, "ReturnConsumedCapacity");
    const sent = JSON.stringify(measures ? { ...input, ReturnConsumedCapacity: "INDEXES" } : input);
    const started = performance.now();
    let trace: RequestTrace | undefined;
    const onTrace = (told: RequestTrace) => {
      trace = told;
    };
    const { status, body } = await this.dynatab.dispatch(targetOf(operation), sent, { onTrace });
    const exchange = this.#exchange(operation, input, started);
    const answer = JSON.parse(decoder.decode(body)) as Answer;
    const capacity = capacities(answer);
    // It was asked for by the page only, so it is no part of the answer the user asked for.
    if (measures) delete answer.ConsumedCapacity;
    return { ...exchange, status, answer, responseBytes: body.length, requestBytes: encoder.encode(sent).length, trace, capacity };
  }

  /** The same for whoever goes on only when it went well: rejects with `ServiceError`. */
  async mustRun(operation: string, input: object): Promise<Exchange> {
    const exchange = await this.run(operation, input);
    if (exchange.status !== 200) throw serviceErrorOf(exchange);
    return exchange;
  }

  close(): Promise<void> {
    return this.dynatab.close();
  }

  #exchange(operation: string, input: Record<string, unknown>, started: number): Exchange {
    return {
      id: this.#next++,
      at: Date.now(),
      operation,
      input,
      status: 200,
      answer: {},
      requestBytes: 0,
      responseBytes: 0,
      milliseconds: performance.now() - started,
      trace: undefined,
      capacity: [],
    };
  }
}
