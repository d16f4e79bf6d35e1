/**
 * A database as an HTTP endpoint on this machine: DynamoDB JSON 1.0, for any SDK and for the AWS CLI.
 */
import type { IncomingMessage } from "node:http";
import type { Database } from "../database.ts";
import { answerHttp, type HttpAnswer, MOST_BODY_BYTES } from "../http-api.ts";
import { crc32 } from "./crc32.ts";
import { authorizationError, corsHeaders, forbidden, hostAllowed, originAllowed, preflight } from "./http-answers.ts";
import { bytesOf, type Endpoint, listen } from "./http-server.ts";

export type { Endpoint } from "./http-server.ts";

/** What `serve` can be told. */
export interface ServeOptions {
  /** Default 8000; 0 takes any free one. */
  port?: number;
  /** The address to listen on. Default 127.0.0.1: this machine only. */
  host?: string;
  /** The database to serve, which stays the caller's to close. Default: a new one in memory, closed with the endpoint. */
  db?: Database;
}

/** Serves a database. Resolves when the endpoint answers; rejects when the port is taken. */
export async function serve(options: ServeOptions = {}): Promise<Endpoint> {
  const { port = 8000, host = "127.0.0.1", db } = options;
  const database = db ?? (await openInMemory());
  const closeOwn = async () => {
    if (!db) await database.close();
  };
  let endpoint: Endpoint;
  try {
    endpoint = await listen(port, host, (request) => answerRequest(database, host, request));
  } catch (error) {
    await closeOwn();
    throw error;
  }
  const close = async () => {
    await endpoint.close();
    await closeOwn();
  };
  return { ...endpoint, close };
}

/** Loaded only when it is needed: whoever brings a database needs no second engine. */
async function openInMemory(): Promise<Database> {
  const { Dynatab } = await import("./open.ts");
  return Dynatab.open("served");
}

/** The whole body, or undefined when it is larger than the service takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: answering in the middle of it would reset the connection before the answer is read.
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

/** A database's answer to a request that reached the address `listensOn`. */
export async function answerRequest(database: Database, listensOn: string, request: IncomingMessage): Promise<HttpAnswer> {
  const { headers, method, url } = request;
  if (!hostAllowed(headers.host, listensOn)) {
    return forbidden(`This endpoint answers to names of this machine only, not to the Host ${JSON.stringify(headers.host ?? "")}.`);
  }
  if (headers.origin !== undefined && !originAllowed(headers.origin)) {
    return forbidden(`This endpoint answers pages of this machine only, not of ${JSON.stringify(headers.origin)}.`);
  }
  const made = await answerAllowed(database, request, method ?? "", url ?? "");
  return { ...made, headers: { ...made.headers, ...corsHeaders(headers.origin) } };
}

async function answerAllowed(database: Database, request: IncomingMessage, method: string, url: string): Promise<HttpAnswer> {
  const { headers } = request;
  if (method === "OPTIONS" && headers["access-control-request-method"] !== undefined) return preflight(headers);
  const target = headers["x-amz-target"];
  const made = await answerHttp(database, {
    method,
    path: url.split("?")[0] ?? "",
    contentType: headers["content-type"],
    target: target === undefined ? undefined : String(target),
    readBody: () => readBody(request),
    refusal: authorizationError(headers),
  });
  // What nobody has read of the request is read and dropped.
  request.resume();
  if (made.headers["x-amzn-requestid"] === undefined) return made;
  return { ...made, headers: { ...made.headers, "x-amz-crc32": String(crc32(bytesOf(made.body))) } };
}
