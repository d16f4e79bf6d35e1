/** `dynatab playground`: the page from the installed package, a database or a foreign endpoint under the same address, and nobody else let in. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { addressFor, endpointOf } from "../../src/node/playground/foreign-endpoint.ts";
import { afterTest, command, databasePath } from "./built-package.ts";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** node:http, because fetch will not send a Host or an Origin of one's choice, and tidies paths. */
function ask(url: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: body === undefined ? "GET" : "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const toDynamoDB = (operation: string, service = "DynamoDB_20120810") => ({
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": `${service}.${operation}`,
});

/** Signed for the form only, as the page does it. */
const signed = { "x-amz-date": "20261123T000000Z", authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0" };

/** Resolves with what the process says of this form; rejects with all of it when it ends. */
function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let all = "";
    const hear = (bytes: Buffer) => {
      all += bytes.toString();
      const found = pattern.exec(all);
      if (found) resolve(found);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${all}`)));
  });
}

/** Runs the command until the test ends. */
async function start(args: string[], env: Record<string, string> = {}): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [command, "playground", "--port", "0", ...args], { env: { ...process.env, ...env } });
  afterTest(() => child.kill("SIGKILL"));
  const [, url] = await said(child, /The playground is at (http:\S+)/);
  return { url: url!, child };
}

/** Another server of the API, as far as a test needs one: it tells what it was asked. */
async function foreignServer(): Promise<{ url: string; asked: { headers: IncomingHttpHeaders; body: string }[] }> {
  const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    asked.push({ headers: incoming.headers, body });
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "FOREIGN", "set-cookie": "a=b" });
    response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"absent"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterTest(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe("dynatab playground", () => {
  test("serves the page and every file it loads, and no other file", async () => {
    const { url } = await start([]);
    const page = await ask(url, "/");
    expect(page.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "content-security-policy": "frame-ancestors 'none'" });
    expect(page.body).toContain('<dynatab-playground routing="hash"></dynatab-playground>');
    const named = [...page.body.matchAll(/(?:src|href)="\.(\/[^"]+)"/g)].map(([, path]) => path!);
    expect(named).toEqual(["/playground/page.css", "/playground/playground.js"]);
    for (const path of [...named, "/index.js", "/worker.js", "/dynatab.wasm"]) expect((await ask(url, path)).status, path).toBe(200);
    expect((await ask(url, "/dynatab.wasm")).headers["content-type"]).toBe("application/wasm");
    for (const path of ["/../package.json", "/package.json", "/types/index.d.ts", "/playground/../../package.json", "/playground.html"]) {
      expect((await ask(url, path)).status, path).toBe(404);
    }
    expect((await ask(url, "/", toDynamoDB("ListTables"), "{}")).status).toBe(405);
  });

  test("answers to names of this machine only", async () => {
    const { url } = await start([]);
    expect((await ask(url, "/", { host: "rebound.example" })).status).toBe(403);
  });

  test("--db: the page is on the database, which is an endpoint too, and is kept", async () => {
    const file = databasePath();
    const first = await start(["--db", file]);
    expect((await ask(first.url, "/")).body).toContain('<dynatab-playground routing="hash" endpoint="/" database="db">');
    const definition = JSON.stringify({
      TableName: "Kept",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
    });
    expect((await ask(first.url, "/", { ...toDynamoDB("CreateTable"), ...signed }, definition)).status).toBe(200);
    const fromElsewhere = { ...toDynamoDB("ListTables"), ...signed, origin: "https://elsewhere.example" };
    expect((await ask(first.url, "/", fromElsewhere, "{}")).status).toBe(403);
    const ended = new Promise((resolve) => first.child.once("exit", resolve));
    first.child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const second = await start(["--db", file]);
    expect((await ask(second.url, "/", { ...toDynamoDB("ListTables"), ...signed }, "{}")).body).toBe('{"TableNames":["Kept"]}');
  });

  test("--endpoint: requests of the page are signed with the environment's credentials, and answered as the endpoint answers", async () => {
    const foreign = await foreignServer();
    const credentials = {
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_REGION: "eu-north-1",
    };
    const { url } = await start(["--endpoint", foreign.url], credentials);
    const page = await ask(url, "/");
    expect(page.body).toContain(`endpoint="/" database="${new URL(foreign.url).host}"`);
    expect(page.body).not.toMatch(/secret|AKIDEXAMPLE|token/);
    const answer = await ask(url, "/", { ...toDynamoDB("DescribeTable"), origin: url, cookie: "c=d" }, '{"TableName":"Absent"}');
    expect(answer).toMatchObject({ status: 400, headers: { "x-amzn-requestid": "FOREIGN" } });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(JSON.parse(answer.body)).toMatchObject({ message: "absent" });
    const [{ headers, body }] = foreign.asked as [(typeof foreign.asked)[0]];
    expect(body).toBe('{"TableName":"Absent"}');
    expect(headers).toMatchObject({ "x-amz-target": "DynamoDB_20120810.DescribeTable", "x-amz-security-token": "token" });
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/dynamodb\/aws4_request, SignedHeaders=.*x-amz-date.*, Signature=[0-9a-f]{64}$/,
    );
    expect(headers.cookie).toBeUndefined();
  });

  test("--endpoint: no other page of this machine may use it", async () => {
    const foreign = await foreignServer();
    const { url } = await start(["--endpoint", foreign.url]);
    expect((await ask(url, "/", { ...toDynamoDB("ListTables"), origin: "http://localhost:3000" }, "{}")).status).toBe(403);
    expect(foreign.asked).toEqual([]);
  });

  test("--endpoint: one that does not answer is an error that says so", async () => {
    const { url } = await start(["--endpoint", "http://127.0.0.1:1"]);
    const { status, body } = await ask(url, "/", toDynamoDB("ListTables"), "{}");
    expect(status).toBe(502);
    expect(JSON.parse(body)).toMatchObject({
      __type: "dynatab#EndpointUnreachable",
      message: expect.stringContaining("http://127.0.0.1:1/ does not answer"),
    });
  });

  test.each([
    [["--db", "x", "--endpoint", "http://127.0.0.1:1"], "--db and --endpoint exclude each other"],
    [["--endpoint", "nowhere"], "--endpoint takes an address"],
    [["--port", "many"], "--port takes a number from 0 to 65535"],
    [["--colour"], "Unknown option '--colour'"],
  ])("refuses %j, and says what it takes", async (args, message) => {
    const child = spawn(process.execPath, [command, "playground", ...args]);
    const [heard] = await said(child, /[\s\S]*dynatab playground \[[\s\S]*/);
    expect(heard).toContain(message);
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(2);
  });
});

describe("the endpoint of an address", () => {
  const own = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

  test("has the region that is given, that its name says, that the environment says, in this order", () => {
    const aws = "https://dynamodb.ap-south-1.amazonaws.com";
    expect(endpointOf(aws, "eu-west-1", own).region).toBe("eu-west-1");
    expect(endpointOf(aws, undefined, { ...own, AWS_REGION: "eu-north-1" }).region).toBe("ap-south-1");
    expect(endpointOf("http://127.0.0.1:8000", undefined, { AWS_REGION: "eu-north-1" }).region).toBe("eu-north-1");
    expect(endpointOf("http://127.0.0.1:8000", undefined, {}).region).toBe("eu-west-2");
  });

  test("needs credentials where signatures are verified, and nowhere else", () => {
    expect(() => endpointOf("https://dynamodb.eu-west-2.amazonaws.com", undefined, {})).toThrow("needs credentials");
    expect(endpointOf("http://127.0.0.1:8000", undefined, {}).credentials).toEqual({ accessKeyId: "dynatab", secretAccessKey: "dynatab" });
  });

  test("is another for streams at AWS, and the same elsewhere", () => {
    const aws = endpointOf("https://dynamodb.eu-west-2.amazonaws.com", undefined, own);
    expect(addressFor(aws, "DynamoDBStreams_20120810.GetRecords").host).toBe("streams.dynamodb.eu-west-2.amazonaws.com");
    expect(addressFor(aws, "DynamoDB_20120810.GetItem").host).toBe("dynamodb.eu-west-2.amazonaws.com");
    const local = endpointOf("http://127.0.0.1:8000", undefined, {});
    expect(addressFor(local, "DynamoDBStreams_20120810.GetRecords")).toBe(local.url);
  });
});
