/** The outer layers: a database as a program has it, by `db.execute` and by the AWS SDK. */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Database } from "../../js/src/database.ts";
import type { BenchItem } from "../steps/items.ts";
import { type BenchRequest, checkAnswer, checkScanned, type Step, wireInput } from "../steps/steps.ts";
import { createTableRequest } from "../steps/tables.ts";
import { type Layer, type Timing, timeEachAsync } from "./layer.ts";

/** Loading goes in turns of this many. */
const LOAD_AT_ONCE = 100;

/** Sends one request and gives DynamoDB's answer. */
type Send = (operation: string, input: object) => Promise<unknown>;

class ClientLayer implements Layer {
  readonly #steps: ReadonlyMap<string, Step>;

  constructor(
    private readonly send: Send,
    private readonly prefix: string,
    private readonly end: () => Promise<void>,
    steps: readonly Step[],
  ) {
    this.#steps = new Map(steps.map((step) => [step.name, step]));
  }

  async prepare(name: string): Promise<void> {
    await this.send("CreateTable", createTableRequest(this.prefix + name, this.#steps.get(name)!.shape));
  }

  async run(name: string, round: number): Promise<Timing> {
    const step = this.#steps.get(name)!;
    await this.#load(name, step.load(round));
    return this.#time(step, step.requests(round), step.proof(round));
  }

  close(): Promise<void> {
    return this.end();
  }

  async #load(name: string, items: readonly BenchItem[]): Promise<void> {
    const TableName = this.prefix + name;
    for (let at = 0; at < items.length; at += LOAD_AT_ONCE) {
      await Promise.all(items.slice(at, at + LOAD_AT_ONCE).map((Item) => this.send("PutItem", { TableName, Item })));
    }
  }

  async #time({ name, width, shape, scanned }: Step, requests: readonly BenchRequest[], proof: readonly BenchRequest[]): Promise<Timing> {
    const table = this.prefix + name;
    const inputs = requests.map((request) => wireInput(request, table));
    const answers: unknown[] = new Array(requests.length);
    const one = async (at: number) => {
      answers[at] = await this.send(requests[at]!.operation, inputs[at]!);
    };
    const timing = await timeEachAsync(requests.length / width, (op) =>
      width === 1 ? one(op) : Promise.all(Array.from({ length: width }, (_, n) => one(op * width + n))),
    );
    for (const [at, request] of requests.entries()) checkAnswer(request, answers[at], shape);
    if (scanned !== undefined) for (let at = 0; at < answers.length; at += width) checkScanned(answers.slice(at, at + width), scanned);
    for (const request of proof) checkAnswer(request, await this.send(request.operation, wireInput(request, table)), shape);
    return timing;
  }
}

/** `db.execute`. The layer closes the database. */
export function pageLayer(database: Database, steps: readonly Step[]): Layer {
  const execute = database.execute.bind(database) as Send;
  return new ClientLayer(execute, "page-", () => database.close(), steps);
}

/** The AWS SDK over the same database, on tables of its own. */
export function sdkLayer(database: Database, steps: readonly Step[]): Layer {
  const client = new DynamoDBClient(database.clientConfig() as unknown as DynamoDBClientConfig);
  const commands: Record<string, (input: never) => never> = {
    CreateTable: (input) => new CreateTableCommand(input) as never,
    PutItem: (input) => new PutItemCommand(input) as never,
    UpdateItem: (input) => new UpdateItemCommand(input) as never,
    GetItem: (input) => new GetItemCommand(input) as never,
    Query: (input) => new QueryCommand(input) as never,
    BatchWriteItem: (input) => new BatchWriteItemCommand(input) as never,
    Scan: (input) => new ScanCommand(input) as never,
    DeleteItem: (input) => new DeleteItemCommand(input) as never,
  };
  const send: Send = (operation, input) => client.send(commands[operation]!(input as never)) as Promise<unknown>;
  const end = async () => client.destroy();
  return new ClientLayer(send, "sdk-", end, steps);
}
