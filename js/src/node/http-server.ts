/** An HTTP server on this machine that ends in order: it finishes what it has begun before it is closed. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DynatabError } from "../errors.ts";
import type { HttpAnswer } from "../http-api.ts";

/** A running endpoint. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, finishes those it has, then resolves. */
  close(): Promise<void>;
}

/** Answers requests at a port, 0 for any free one. Resolves when it does; rejects when the port is taken. */
export async function listen(port: number, host: string, answer: (request: IncomingMessage) => Promise<HttpAnswer>): Promise<Endpoint> {
  let closed: Promise<void> | undefined;
  let answering = 0;
  const server = createServer((request, response) => {
    answering += 1;
    response.once("close", () => {
      answering -= 1;
      if (closed && answering === 0) server.closeAllConnections();
    });
    answer(request).then(
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

/** The bytes of an answer's body. */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : body;
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const bytes = bytesOf(body);
  response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
  response.end(request.method === "HEAD" ? undefined : bytes);
}
