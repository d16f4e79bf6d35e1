/**
 * What runs inside the sandbox's worker: the AWS SDK, a console, and the program of the user. It is bundled into one text (see
 * `build/sdk-runtime-plugin.ts`) and has nothing but a port to the page, over which requests go to the database.
 */
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as documents from "@aws-sdk/lib-dynamodb";
import type { FromSandbox, StartSandbox, ToSandbox } from "./messages.ts";

type Program = (modules: Record<string, unknown>, console: SandboxConsole) => Promise<void>;
type SandboxConsole = Record<"log" | "info" | "warn" | "error" | "debug", (...values: unknown[]) => void>;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope & { dynatabProgram?: Program };

/** A value as text, for the page to show. */
function inspected(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const seen = new Set<unknown>();
  const readable = (_name: string, each: unknown) => {
    if (typeof each === "bigint") return `${each}n`;
    if (each instanceof Uint8Array)
      return `Uint8Array(${each.length}) [${[...each.slice(0, 32)].join(", ")}${each.length > 32 ? ", …" : ""}]`;
    if (each instanceof Set) return [...each];
    if (each instanceof Map) return Object.fromEntries(each);
    if (typeof each === "object" && each !== null) {
      if (seen.has(each)) return "[again]";
      seen.add(each);
    }
    return each;
  };
  return JSON.stringify(value, readable, 2) ?? String(value);
}

/** Requests on their way, by number. */
const waiting = new Map<number, (answer: Extract<ToSandbox, { type: "answer" }>) => void>();
let nextRequest = 1;

function requestHandler(port: MessagePort) {
  return {
    metadata: { handlerProtocol: "dynatab" },
    handle: (request: { headers: Record<string, string>; body?: string | Uint8Array }) =>
      new Promise((resolve, reject) => {
        const id = nextRequest++;
        waiting.set(id, ({ status, headers, body, failure }) => {
          if (failure !== undefined) reject(new Error(failure));
          else resolve({ response: { statusCode: status, headers, body: new TextEncoder().encode(body) } });
        });
        const body = typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body);
        const target = request.headers["x-amz-target"] ?? request.headers["X-Amz-Target"] ?? "";
        port.postMessage({ type: "request", id, target, body } satisfies FromSandbox);
      }),
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

/** The SDK's client with the page's database behind it, whatever endpoint and credentials the program names. */
function clientOf(port: MessagePort) {
  const settings = {
    region: "eu-west-2",
    endpoint: "http://dynatab.invalid",
    credentials: { accessKeyId: "dynatab", secretAccessKey: "dynatab" },
    requestHandler: requestHandler(port),
    signer: { sign: async (request: unknown) => request },
    maxAttempts: 1,
  };
  return class DynamoDBClient extends dynamodb.DynamoDBClient {
    constructor(given: object = {}) {
      super({ ...given, ...settings } as unknown as dynamodb.DynamoDBClientConfig);
    }
  };
}

async function run({ program }: StartSandbox, port: MessagePort): Promise<void> {
  const say = (level: string, values: unknown[]) =>
    port.postMessage({ type: "console", level, text: values.map(inspected).join(" ") } satisfies FromSandbox);
  const write =
    (level: string) =>
    (...values: unknown[]) =>
      say(level, values);
  const console = { log: write("log"), info: write("log"), debug: write("log"), warn: write("warn"), error: write("error") };
  port.onmessage = ({ data }: MessageEvent<ToSandbox>) => {
    if (data.type !== "answer") return;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  const client = clientOf(port);
  const modules = {
    "@aws-sdk/client-dynamodb": { ...dynamodb, DynamoDBClient: client },
    "@aws-sdk/lib-dynamodb": documents,
  };
  try {
    scope.importScripts(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
    await scope.dynatabProgram!(modules, console);
    port.postMessage({ type: "done" } satisfies FromSandbox);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ type: "failed", name, message } satisfies FromSandbox);
  }
}

scope.onmessage = ({ data, ports }: MessageEvent<StartSandbox>) => void run(data, ports[0]!);
