/** Serves a folder's files as they are: what a static host does with a build. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Something that answers under an address until it is stopped. */
export interface Served {
  address: string;
  stop(): Promise<void>;
}

/** Listens on a free port of this machine only. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on, for a server that must be told one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Serves a folder, with these headers on every answer. */
export async function serveFolder(folder: string, headers: Record<string, string> = {}): Promise<Served> {
  const server = createServer(({ url = "/" }, response) => {
    const asked = decodeURIComponent(new URL(url, "http://page").pathname);
    const file = join(folder, normalize(asked.endsWith("/") ? `${asked}index.html` : asked));
    const found = file.startsWith(folder) && existsSync(file);
    const type = found ? (TYPES[extname(file)] ?? "application/octet-stream") : "text/plain";
    response.writeHead(found ? 200 : 404, { "content-type": type, ...headers });
    response.end(found ? readFileSync(file) : "not found");
  });
  const port = await listen(server);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${port}/`, stop };
}
