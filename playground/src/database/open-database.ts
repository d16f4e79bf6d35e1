/** A database that is open, and the one way every part of the page asks it. */
import { Dynatab, type OpenOptions, type RequestTrace } from "dynatab";
import { STREAM_OPERATIONS } from "../requests/operations.ts";
import type { TableDescription } from "../tables/description.ts";
import type { Endpoint } from "./endpoint.ts";
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

/** What answers requests. */
interface Answering {
  readonly name: string;
  dispatch(
    target: string,
    body: string,
    options?: { onTrace?: (trace: RequestTrace) => void },
  ): Promise<{ status: number; body: Uint8Array }>;
  close(): Promise<void>;
}

/** Between two looks at a table that is being made. */
const LOOK_AGAIN_MS = 500;

export class OpenDatabase {
  readonly #answering: Answering;
  /** The database in this browser, with its own doors; an endpoint has none but DynamoDB's. */
  readonly dynatab: Dynatab | undefined;
  #next = 1;

  private constructor(answering: Answering, dynatab?: Dynatab) {
    this.#answering = answering;
    this.dynatab = dynatab;
  }

  /** Opens it: durable where the browser can keep it, otherwise in memory, which `persistence` tells. */
  static async open(name: string, options: OpenOptions = {}): Promise<OpenDatabase> {
    const dynatab = await Dynatab.open(name, options);
    return new OpenDatabase(dynatab, dynatab);
  }

  /** What an endpoint answers. */
  static at(endpoint: Endpoint): OpenDatabase {
    return new OpenDatabase(endpoint);
  }

  get name(): string {
    return this.#answering.name;
  }

  /** Whether it is in this browser's memory only, and gone with the page. */
  get inMemory(): boolean {
    return this.dynatab?.persistence === "memory";
  }

  /** Whether this browser keeps it. */
  get isKept(): boolean {
    return this.dynatab !== undefined && !this.inMemory;
  }

  /** Asks without measuring: the answer, or `ServiceError`. */
  async ask(operation: string, input: object = {}): Promise<Answer> {
    const started = performance.now();
    const { status, body } = await this.#answering.dispatch(targetOf(operation), JSON.stringify(input));
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
    const { status, body } = await this.#answering.dispatch(targetOf(operation), sent, { onTrace });
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

  /** Makes a table and waits until it can be written, which takes seconds at AWS. */
  async createTable(definition: { TableName: string }): Promise<void> {
    const { TableName } = definition;
    let { TableDescription: table } = await this.ask("CreateTable", definition);
    while ((table as TableDescription).TableStatus === "CREATING") {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      table = (await this.ask("DescribeTable", { TableName })).Table;
    }
  }

  close(): Promise<void> {
    return this.#answering.close();
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
