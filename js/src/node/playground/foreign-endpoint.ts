/** An endpoint of DynamoDB's API somewhere else, asked for the playground's page: from here no browser stands in between, and nothing but this signs. */
import type { IncomingMessage } from "node:http";
import { AwsV4Signer } from "aws4fetch";
import type { HttpAnswer } from "../../http-api.ts";
import { DEFAULT_REGION } from "../../options.ts";
import { readBody } from "../serve.ts";

/** What signs requests. */
interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface ForeignEndpoint {
  url: URL;
  region: string;
  credentials: Credentials;
}

/** Endpoints that verify nothing take any credentials; DynamoDB Local keeps a database for each of these. */
const MADE_UP: Credentials = { accessKeyId: "dynatab", secretAccessKey: "dynatab" };

/** AWS's own endpoints, which verify signatures, and whose streams answer under another name. */
const AWS_HOST = /^dynamodb(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The endpoint of an address; region and credentials are the environment's, unless a region is given. Throws an `Error` for the user. */
export function endpointOf(address: string, region: string | undefined, environment: NodeJS.ProcessEnv): ForeignEndpoint {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new Error(`--endpoint takes an address such as http://127.0.0.1:8000, not ${address}`);
  }
  const url = new URL(address);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION } = environment;
  const named = AWS_HOST.exec(url.hostname)?.[1];
  const own = AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY;
  if (named !== undefined && !own) throw new Error(`${url.hostname} needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`);
  const credentials = own
    ? {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
      }
    : MADE_UP;
  return { url, region: region ?? named ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? DEFAULT_REGION, credentials };
}

/** Where an operation is asked. */
export function addressFor({ url }: ForeignEndpoint, target: string): URL {
  if (!target.startsWith("DynamoDBStreams_") || !AWS_HOST.test(url.hostname)) return url;
  const streams = new URL(url);
  streams.hostname = `streams.${url.hostname}`;
  return streams;
}

/** An error of the way to the endpoint, as the page shows it. */
function failure(status: number, type: string, message: string): HttpAnswer {
  const body = JSON.stringify({ __type: `dynatab#${type}`, message });
  return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
}

const KEPT_HEADERS = ["content-type", "x-amzn-requestid"];

/** The endpoint's answer to a request of the page. */
export async function answerFromEndpoint(endpoint: ForeignEndpoint, request: IncomingMessage): Promise<HttpAnswer> {
  const body = await readBody(request);
  if (!body) return failure(413, "RequestTooLarge", "The request is larger than DynamoDB takes.");
  const target = String(request.headers["x-amz-target"] ?? "");
  const url = addressFor(endpoint, target);
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  const { region, credentials } = endpoint;
  const signer = new AwsV4Signer({
    method: "POST",
    url: url.href,
    headers,
    body: new Uint8Array(body),
    service: "dynamodb",
    region,
    ...credentials,
  });
  const signed = await signer.sign();
  try {
    const answer = await fetch(signed.url, { method: "POST", headers: signed.headers, body: new Uint8Array(body), redirect: "error" });
    const kept = KEPT_HEADERS.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)!]] : []));
    return { status: answer.status, headers: Object.fromEntries(kept), body: new Uint8Array(await answer.arrayBuffer()) };
  } catch (error) {
    const { message, cause } = error as Error;
    return failure(502, "EndpointUnreachable", `${url.href} does not answer: ${cause instanceof Error ? cause.message : message}`);
  }
}
