/** `db.fetch`, DynamoDB's HTTP API in the shape of `fetch`, over an engine made in JavaScript. */
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/crc32.ts";
import { fakeWorld, ok, openFake } from "./fake-engine.ts";

async function start() {
  const world = fakeWorld((operation, body) => {
    if (operation === "Trap") return "trap";
    if (operation === "ListTables") return ok({ TableNames: [body] });
    return { status: 400, body: { __type: "com.amazon.coral.service#UnknownOperationException" } };
  });
  return { world, db: await openFake(world) };
}

const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables" };
const post = (body = "{}", more: RequestInit = {}): RequestInit => ({ method: "POST", headers, body, ...more });

describe("db.fetch", () => {
  // rule 114
  test("answers with request id, checksum and content type, whatever the host, and needs no signature", async () => {
    const { db } = await start();
    const { fetch } = db;
    for (const address of ["https://dynamodb.eu-west-2.amazonaws.com/", "/", new URL("http://localhost:8000")]) {
      const answer = await fetch(address, post('{"Limit":1}'));
      expect(answer.status).toBe(200);
      const body = await answer.text();
      expect(JSON.parse(body)).toEqual({ TableNames: ['{"Limit":1}'] });
      expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9A-Z]{52}$/);
      expect(answer.headers.get("x-amz-crc32")).toBe(String(crc32(new TextEncoder().encode(body))));
      expect(answer.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    }
  });

  test("takes a Request, and bodies of every kind fetch takes", async () => {
    const { db } = await start();
    expect(await (await db.fetch(new Request("http://anywhere/", post()))).json()).toEqual({ TableNames: ["{}"] });
    for (const body of [new TextEncoder().encode("{}"), new Blob(["{}"])]) {
      expect(await (await db.fetch("/", { method: "POST", headers, body })).json()).toEqual({ TableNames: ["{}"] });
    }
  });

  test("errors of DynamoDB are answers, and so is an engine that died", async () => {
    const { db } = await start();
    const target = (name: string) => ({ ...headers, "x-amz-target": name });
    const unknown = await db.fetch("/", post("{}", { headers: target("DynamoDB_20120810.Nothing") }));
    expect([unknown.status, (await unknown.json()).__type]).toEqual([400, "com.amazon.coral.service#UnknownOperationException"]);
    const dead = await db.fetch("/", post("{}", { headers: target("DynamoDB_20120810.Trap") }));
    expect([dead.status, (await dead.json()).__type]).toEqual([400, "dynatab#EngineCrashedError"]);
  });

  // messages-tables 108-115
  test("what is no request of the protocol is answered as the service does", async () => {
    const { db } = await start();
    expect(await (await db.fetch("/")).text()).toBe("healthy: dynamodb.eu-west-2.amazonaws.com ");
    for (const [address, init] of [
      ["/elsewhere", post()],
      ["/", post("{}", { method: "PUT" })],
      ["/", post("{}", { headers: { ...headers, "content-type": "text/plain" } })],
    ] as const) {
      const answer = await db.fetch(address, init);
      expect([answer.status, await answer.text()]).toEqual([404, "<UnknownOperationException/>\n"]);
    }
    const large = await db.fetch("/", post(" ".repeat((16 << 20) + 1)));
    expect([large.status, await large.text()]).toEqual([413, ""]);
  });

  test("rejects with the signal's reason, before it is sent and while it waits", async () => {
    const { db, world } = await start();
    const reason = new Error("enough");
    await expect(db.fetch("/", post("{}", { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(world.batches).toEqual([]);
    world.asynchronous = true;
    const controller = new AbortController();
    const waiting = db.fetch("/", post("{}", { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 5);
    await expect(waiting).rejects.toBe(reason);
  });

  test("serves a client that takes a fetch function", async () => {
    const { db } = await start();
    const client = new DynamoDBClient({
      region: "eu-west-2",
      endpoint: "https://dynamodb.eu-west-2.amazonaws.com",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      requestHandler: {
        async handle(request: { method: string; path: string; hostname: string; headers: Record<string, string>; body?: BodyInit }) {
          const { method, path, hostname, headers: sent, body } = request;
          const answer = await db.fetch(`https://${hostname}${path}`, { method, headers: sent, body: body ?? null });
          const statusCode = answer.status;
          return {
            response: { statusCode, headers: Object.fromEntries(answer.headers), body: new Uint8Array(await answer.arrayBuffer()) },
          };
        },
      } as never,
    });
    expect((await client.send(new ListTablesCommand({ Limit: 3 }))).TableNames).toEqual(['{"Limit":3}']);
  });
});
