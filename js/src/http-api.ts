/**
 * DynamoDB's HTTP API in front of a database, whatever carries it: a server's connection (`node/serve.ts`), a call in the shape of `fetch`
 * (`fetch.ts`). Messages-tables rows 108-115, behaviour rules 114-116.
 */
import type { Database } from "./database.ts";
import { DynatabError } from "./errors.ts";
import { newRequestId } from "./request-id.ts";

/** A request as far as the API looks at it. */
export interface HttpRequest {
  method: string;
  path: string;
  contentType: string | undefined;
  /** The header `x-amz-target`. */
  target: string | undefined;
  /** The whole body, or undefined when it is over `MOST_BODY_BYTES`. */
  readBody(): Promise<Uint8Array | undefined>;
  /** The answer to a request that may not be made. */
  refusal?: HttpAnswer | undefined;
  signal?: AbortSignal;
}

/** An answer ready to be sent; header names as they go out. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** The service's bound on a request's body (behaviour rule 23). */
export const MOST_BODY_BYTES = 16 << 20;

/** The answer to a request. Its checksum is for who sends it to add. */
export async function answerHttp(database: Database, request: HttpRequest): Promise<HttpAnswer> {
  const { method, path, target = "", signal } = request;
  if (method === "GET" && path === "/") {
    return { status: 200, headers: {}, body: `healthy: dynamodb.${database.region}.amazonaws.com ` };
  }
  const contentType = answerContentType(request.contentType);
  if (method !== "POST" || path !== "/" || contentType === undefined) {
    return { status: 404, headers: { "content-type": "application/xml" }, body: "<UnknownOperationException/>\n" };
  }
  const body = await request.readBody();
  if (!body) return { status: 413, headers: {}, body: "" };
  const made = request.refusal ?? (await askEngine(database, target, body, signal));
  const requestId = made.headers["x-amzn-requestid"] ?? newRequestId();
  return { ...made, headers: { "content-type": contentType, "x-amzn-requestid": requestId } };
}

/** An error of the layer in front of the service. */
export function serviceError(type: string, message: string): HttpAnswer {
  return { status: 400, headers: {}, body: JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message }) };
}

/** The content type of the answer to a request's content type, or undefined where there is no answer to it. */
function answerContentType(contentType: string | undefined): string | undefined {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  return type === "application/x-amz-json-1.0" || type === "application/json" ? type : undefined;
}

/** The engine's answer. SDKs repeat a 500, and what an engine that died has done is unknown: a 4xx is what they leave alone. */
async function askEngine(database: Database, target: string, body: Uint8Array, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  try {
    return await database.dispatch(target, body, signal ? { signal } : {});
  } catch (error) {
    if (!(error instanceof DynatabError)) throw error;
    return { status: 400, headers: {}, body: JSON.stringify({ __type: `dynatab#${error.name}`, message: error.message }) };
  }
}
