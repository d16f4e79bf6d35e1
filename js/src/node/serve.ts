/**
 * A database as an HTTP endpoint on this machine: DynamoDB JSON 1.0, for any SDK and for the AWS CLI.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Database } from "../database.ts";
import { DynatabError } from "../errors.ts";
import { answerHttp, type HttpAnswer, MOST_BODY_BYTES } from "../http-api.ts";
import { crc32 } from "./crc32.ts";
import { authorizationError, corsHeaders, forbidden, hostAllowed, originAllowed, preflight } from "./http-answers.ts";

/** What `serve` can be told. */
export interface ServeOptions {
  /** Default 8000; 0 takes any free one. */
  port?: number;
  /** The address to listen on. Default 127.0.0.1: this machine only. */
  host?: string;
  /** The database to serve, which stays the caller's to close. Default: a new one in memory, closed with the endpoint. */
  db?: Database;
}

/** A running endpoint. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, finishes those it has, then resolves. */
  close(): Promise<void>;
}

/** Serves a database. Resolves when the endpoint answers; rejects when the port is taken. */
export async function serve(options: ServeOptions = {}): Promise<Endpoint> {
  const { port = 8000, host = "127.0.0.1" } = options;
  const database = options.db ?? (await openInMemory());
  let closed: Promise<void> | undefined;
  let answering = 0;
  const server = createServer((request, response) => {
    answering += 1;
    response.once("close", () => {
      answering -= 1;
      if (closed && answering === 0) server.closeAllConnections();
    });
    answer(database, host, request).then(
      (made) => send(request, response, made),
      // The other side has gone, or its request broke off: there is nobody to tell.
      () => response.destroy(),
    );
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    if (!options.db) await database.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") throw error;
    throw new DynatabError(`Port ${port} on ${host} is taken: choose another port, or 0 for any free one.`, { cause: error });
  }
  const bound = (server.address() as AddressInfo).port;
  const close = async () => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    // Connections that are kept alive, or were opened in advance, have nothing to be waited for.
    if (answering === 0) server.closeAllConnections();
    await ended;
    if (!options.db) await database.close();
  };
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    port: bound,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Loaded only when it is needed: whoever brings a database needs no second engine. */
async function openInMemory(): Promise<Database> {
  const { Dynatab } = await import("./open.ts");
  return Dynatab.open("served");
}

/** The whole body, or undefined when it is larger than the service takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: answering in the middle of it would reset the connection before the answer is read.
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

async function answer(database: Database, listensOn: string, request: IncomingMessage): Promise<HttpAnswer> {
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

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : body;
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const bytes = bytesOf(body);
  response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  response.end(request.method === "HEAD" ? undefined : bytes);
}
