/** The two sides that are asked: dynatab in this process, through the package built here, and a reference server over HTTP. */
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../paths.mjs";

const STREAMS = new Set(["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"]);

/** The target of an operation, of either API. */
const targetOf = (operation) => `${STREAMS.has(operation) ? "DynamoDBStreams" : "DynamoDB"}_20120810.${operation}`;

const MOST_POLLS = 2000;

/** An answer's body: JSON as a rule, text where the server says something else. */
function parsed(bytes) {
  const text = Buffer.from(bytes).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What both sides have in common: asking with a value, and waiting for tables. */
class Server {
  /** Sends a request that is expected to succeed and gives the answer's body. */
  async call(operation, request) {
    const { status, body } = await this.ask(operation, JSON.stringify(request));
    if (status !== 200) throw new Error(`${this.name}: ${operation} ${JSON.stringify(request)} answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Waits until a table is not being made, changed or deleted, nor an index of it. */
  async settled(table) {
    for (let polls = 0; polls < MOST_POLLS; polls += 1) {
      const { status, body } = await this.ask("DescribeTable", JSON.stringify({ TableName: table }));
      if (status !== 200) return undefined;
      const indexes = body.Table.GlobalSecondaryIndexes ?? [];
      if ([body.Table.TableStatus, ...indexes.map(({ IndexStatus }) => IndexStatus)].every((status) => status === "ACTIVE"))
        return body.Table;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`${this.name}: table ${table} does not settle`);
  }

  /** Deletes a table, protected or not. */
  async drop(TableName) {
    const { DeletionProtectionEnabled } = await this.settled(TableName);
    if (DeletionProtectionEnabled) {
      await this.call("UpdateTable", { TableName, DeletionProtectionEnabled: false });
      await this.settled(TableName);
    }
    await this.call("DeleteTable", { TableName });
    await this.settled(TableName);
  }

  /** All items of a table. */
  async items(table) {
    const items = [];
    let from;
    do {
      const page = await this.call("Scan", { TableName: table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) });
      items.push(...page.Items);
      from = page.LastEvaluatedKey;
    } while (from);
    return items;
  }
}

/** A server that is asked over HTTP. */
export class HttpServer extends Server {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(endpoint) {
    super();
    this.name = "reference";
    this.url = new URL(endpoint);
  }

  ask(operation, text) {
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "content-length": Buffer.byteLength(text),
      "x-amz-target": targetOf(operation),
      "x-amz-date": "20261001T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=local/20261001/eu-west-2/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(this.url, { method: "POST", agent: this.#agent, headers }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk)).on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode, body: parsed(Buffer.concat(chunks)) }));
      });
      sent.on("error", reject).end(text);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** The package built in this checkout. */
export class PackageServer extends Server {
  #database;

  static async open() {
    const { Dynatab } = await import(pathToFileURL(join(root, "pkg", "dist", "node.js")).href);
    const server = new PackageServer();
    server.name = "dynatab";
    server.#database = await Dynatab.open("differential");
    return server;
  }

  async ask(operation, text) {
    const { status, body } = await this.#database.dispatch(targetOf(operation), Buffer.from(text));
    return { status, body: parsed(body) };
  }

  close() {
    return this.#database.close();
  }
}
