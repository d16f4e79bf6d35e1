/** `db.fetch`: DynamoDB's HTTP API without HTTP. */
import { crc32 } from "./crc32.ts";
import type { Database } from "./database.ts";
import { answerHttp, MOST_BODY_BYTES } from "./http-api.ts";

/** What a relative address is relative to, where there is no page; nothing is ever sent there. */
const NOWHERE = "http://dynatab.invalid";

/**
 * Answers as an endpoint of DynamoDB does, whatever the address's host; errors of the package are answers of status 400 whose type begins with
 * `dynatab#`. Rejects like `fetch`: with a TypeError for what cannot be sent, with the signal's reason.
 */
export async function answerFetch(database: Database, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input instanceof Request ? input : new URL(String(input), NOWHERE), init);
  const { method, headers, signal } = request;
  signal.throwIfAborted();
  const answer = await answerHttp(database, {
    method,
    path: new URL(request.url).pathname,
    contentType: headers.get("content-type") ?? undefined,
    target: headers.get("x-amz-target") ?? undefined,
    async readBody() {
      const body = new Uint8Array(await request.arrayBuffer());
      return body.length > MOST_BODY_BYTES ? undefined : body;
    },
    signal,
  });
  const bytes = typeof answer.body === "string" ? new TextEncoder().encode(answer.body) : answer.body;
  const body = bytes as Uint8Array<ArrayBuffer>;
  return new Response(body, {
    status: answer.status,
    headers: { ...answer.headers, "x-amz-crc32": String(crc32(body)), "content-length": String(body.length) },
  });
}
