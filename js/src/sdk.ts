/**
 * What makes the unmodified AWS SDK for JavaScript v3 talk to a database in this page: a request handler instead of HTTP, and values for
 * everything the SDK would otherwise look for (credentials, region, endpoint). Nothing here imports the SDK.
 */
import type { Database } from "./database.ts";

/** The part of the SDK's request the handler reads. */
export interface SdkRequest {
  headers: Record<string, string>;
  body?: unknown;
}

/** What the handler answers: header names are lower case and the body is bytes, as the SDK wants them. */
export interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** An abort signal as the SDK types it: the platform's own, or an older one of the SDK's that can only be asked. */
export interface SdkAbortSignal {
  readonly aborted: boolean;
}

/** A request handler as the SDK takes it. */
export interface SdkRequestHandler {
  readonly metadata: { handlerProtocol: string };
  handle(request: SdkRequest, options?: { abortSignal?: SdkAbortSignal | undefined }): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/** Configuration for `DynamoDBClient`, `DynamoDB`, `DynamoDBStreamsClient`. */
export interface ClientConfig {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  accountIdEndpointMode: "disabled";
  requestHandler: SdkRequestHandler;
  // The SDK types a signer by its own request classes; one that changes nothing takes and gives any of them.
  signer: { sign<Request>(request: Request): Promise<Request> };
  /** Nothing is looked up in files or the environment, so that the first request is as quick as the rest. */
  retryMode: "standard";
  maxAttempts: number;
  useDualstackEndpoint: false;
  useFipsEndpoint: false;
}

/** An address that resolves to nothing, should a request ever get past the handler. */
const ENDPOINT = "http://dynatab.invalid";

/** The body as the queue takes it: a string, or bytes (the SDK has a subclass of `Uint8Array`). */
function bodyOf(body: unknown): string | Uint8Array {
  if (body === undefined || body === null) return "";
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError("dynatab takes request bodies that are strings or bytes; a stream cannot be sent.");
}

/** The SDK lets the caller tell an abort by its name. */
function abortError(): Error {
  const error = new Error("Request aborted");
  error.name = "AbortError";
  return error;
}

function makeRequestHandler(database: Database): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: "dynatab" },
    async handle(request, { abortSignal } = {}) {
      if (abortSignal?.aborted) throw abortError();
      const target = request.headers["x-amz-target"] ?? request.headers["X-Amz-Target"] ?? "";
      try {
        // The SDK's own retries of a request have its id.
        const id = request.headers["amz-sdk-invocation-id"];
        const reply = await database.dispatch(target, bodyOf(request.body), {
          ...(id === undefined ? {} : { id }),
          ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : {}),
        });
        return { response: { statusCode: reply.status, headers: reply.headers, body: reply.body } };
      } catch (error) {
        if (abortSignal?.aborted) throw abortError();
        throw error;
      }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

/** The configuration for one database. */
export function makeClientConfig(database: Database): ClientConfig {
  return {
    region: database.region,
    endpoint: ENDPOINT,
    credentials: { accessKeyId: "dynatab", secretAccessKey: "dynatab" },
    accountIdEndpointMode: "disabled",
    requestHandler: makeRequestHandler(database),
    signer: { sign: async (request) => request },
    retryMode: "standard",
    maxAttempts: 3,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  };
}
