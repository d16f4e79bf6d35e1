import { request } from "node:http";
import { connect } from "node:net";
import { crc32 as nodeCrc32 } from "node:zlib";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { crc32 } from "../../src/crc32.ts";
import { type Endpoint, serve } from "../../src/node/serve.ts";
import { fakeWorld, ok, openFake } from "./fake-engine.ts";

const endpoints: Endpoint[] = [];
afterEach(async () => {
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
});

async function start() {
  const world = fakeWorld((operation, body) => {
    if (operation === "Trap") return "trap";
    if (operation === "ListTables") return ok({ TableNames: [body] });
    return { status: 400, body: { __type: "com.amazon.coral.service#UnknownOperationException" } };
  });
  const db = await openFake(world);
  const endpoint = await serve({ port: 0, db });
  endpoints.push(endpoint);
  return { endpoint, db, world };
}

const signed = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "DynamoDB_20120810.ListTables",
  "x-amz-date": "20261122T000000Z",
  authorization: "AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
};

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** node:http, because fetch will not send a Host of one's choice. */
function ask(
  endpoint: Endpoint,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { method = "POST", path = "/", headers = signed, body = "{}" } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ port: endpoint.port, host: "127.0.0.1", method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(method === "GET" || method === "DELETE" ? undefined : body);
  });
}

describe("the endpoint", () => {
  // rule 114
  test("answers with request id, checksum and content type", async () => {
    const { endpoint } = await start();
    const { status, headers, body } = await ask(endpoint, { body: '{"Limit":1}' });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ TableNames: ['{"Limit":1}'] });
    expect(headers["x-amzn-requestid"]).toMatch(/^[0-9A-Z]{52}$/);
    expect(headers["x-amz-crc32"]).toBe(String(crc32(Buffer.from(body))));
    expect(headers["content-type"]).toBe("application/x-amz-json-1.0");
  });

  test("answers the AWS SDK over HTTP", async () => {
    const { endpoint } = await start();
    const client = new DynamoDBClient({
      region: "eu-west-2",
      endpoint: endpoint.url,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    await expect(client.send(new GetItemCommand({ TableName: "Tab", Key: {} }))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
    client.destroy();
  });

  // rule 116, messages-tables 110
  test("is healthy on GET /", async () => {
    const { endpoint } = await start();
    const answer = await ask(endpoint, { method: "GET", headers: {} });
    expect(answer).toMatchObject({ status: 200, body: "healthy: dynamodb.eu-west-2.amazonaws.com " });
    expect(answer.headers["content-type"]).toBeUndefined();
  });

  // rule 116, messages-tables 109
  test.each([
    ["another content type", { headers: { ...signed, "content-type": "text/plain" } }],
    ["no content type", { headers: { "x-amz-target": signed["x-amz-target"] } }],
    ["json 1.1", { headers: { ...signed, "content-type": "application/x-amz-json-1.1" } }],
    ["another path", { path: "/foo" }],
    ["PUT", { method: "PUT" }],
    ["DELETE", { method: "DELETE" }],
    ["GET of another path", { method: "GET", path: "/foo", headers: {} }],
  ])("answers 404 to %s", async (_what, options) => {
    const { endpoint } = await start();
    expect(await ask(endpoint, options)).toMatchObject({ status: 404, body: "<UnknownOperationException/>\n" });
  });

  test.each(["application/json", "application/x-amz-json-1.0; charset=utf-8"])("answers %s in kind", async (type) => {
    const { endpoint } = await start();
    const { status, headers } = await ask(endpoint, { headers: { ...signed, "content-type": type } });
    expect([status, headers["content-type"]]).toEqual([200, type.split(";")[0]]);
  });

  // rule 23, messages-tables 115
  test("answers 413 to a body over 16 MB, and still takes one of 16 MB", async () => {
    const { endpoint } = await start();
    const body = Buffer.alloc((16 << 20) + 1, 32);
    expect((await ask(endpoint, { body })).status).toBe(413);
    expect((await ask(endpoint, { body: body.subarray(1) })).status).toBe(200);
  });

  test("turns a crash into an answer that SDKs do not repeat", async () => {
    const { endpoint } = await start();
    const crash = await ask(endpoint, { headers: { ...signed, "x-amz-target": "DynamoDBTest.Trap" } });
    expect(crash.status).toBe(400);
    expect(JSON.parse(crash.body).__type).toBe("dynatab#EngineCrashedError");
    expect((await ask(endpoint)).status).toBe(200);
  });
});

describe("authorization", () => {
  const error = async (headers: Record<string, string>) => {
    const { endpoint } = await start();
    const { status, body } = await ask(endpoint, { headers });
    expect(status).toBe(400);
    return JSON.parse(body);
  };
  const { authorization, "x-amz-date": _date, ...rest } = signed;

  test.each([{}, { authorization: "Basic x" }])("is required: %j", async (headers) => {
    expect(await error({ ...rest, ...headers })).toEqual({
      __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
      message: "Request is missing Authentication Token",
    });
  });

  test("needs a date", async () => {
    expect(await error({ ...rest, authorization })).toEqual({
      __type: "com.amazon.coral.service#IncompleteSignatureException",
      message: `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${authorization}`,
    });
  });

  test("needs its parameters", async () => {
    const short = "AWS4-HMAC-SHA256 Credential=a/20261122/eu-west-2/dynamodb/aws4_request";
    expect(await error({ ...signed, authorization: short })).toEqual({
      __type: "com.amazon.coral.service#IncompleteSignatureException",
      message: `Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=${short}`,
    });
  });
});

describe("who may ask", () => {
  test.each(["localhost:8000", "127.0.0.1", "[::1]:80", "app.localhost"])("a client that calls this machine %s", async (host) => {
    const { endpoint } = await start();
    expect((await ask(endpoint, { headers: { ...signed, host } })).status).toBe(200);
  });

  test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "169.254.1.1"])(
    "not one that calls it %s",
    async (host) => {
      const { endpoint, world } = await start();
      expect((await ask(endpoint, { headers: { ...signed, host } })).status).toBe(403);
      expect(world.batches).toEqual([]);
    },
  );

  test.each(["http://localhost:5173", "https://127.0.0.1", "http://[::1]:1"])("a page of %s, told so by CORS headers", async (origin) => {
    const { endpoint } = await start();
    const preflight = await ask(endpoint, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "x-amz-target,content-type" },
      body: "",
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers": "x-amz-target,content-type",
      "access-control-allow-methods": "GET, POST, OPTIONS",
    });
    const answer = await ask(endpoint, { headers: { ...signed, origin } });
    expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    expect(answer.headers["access-control-expose-headers"]).toContain("x-amz-crc32");
  });

  test.each(["https://evil.example", "null", "http://localhost.evil.example", "file://"])("not a page of %s", async (origin) => {
    const { endpoint, world } = await start();
    const answer = await ask(endpoint, { headers: { ...signed, origin } });
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(world.batches).toEqual([]);
  });
});

describe("closing", () => {
  test("ends connections that are kept alive, and frees the port", async () => {
    const { endpoint } = await start();
    const socket = connect(endpoint.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await endpoint.close();
    await ended;
    const again = await serve({ port: endpoint.port, db: (await start()).db });
    endpoints.push(again);
    expect(again.port).toBe(endpoint.port);
  });

  test("finishes the request it is answering", async () => {
    const { endpoint, world } = await start();
    world.asynchronous = true;
    const answer = ask(endpoint);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = endpoint.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    world.connections[0]!.answered(0);
    expect((await answer).status).toBe(200);
    await closing;
  });

  test("a port that is taken is an error that says so", async () => {
    const { endpoint, db } = await start();
    await expect(serve({ port: endpoint.port, db })).rejects.toThrow(/is taken/);
  });
});

test("the checksum in JavaScript is the one of zlib", () => {
  const bytes = new Uint8Array(5000).map((_, index) => index * 7);
  expect(crc32(bytes)).toBe(nodeCrc32(bytes));
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
