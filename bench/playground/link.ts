/**
 * A web server at the end of a line of so many bits a second: files compressed as hosts compress them, every response over the one line, and
 * what went over it told file by file. The line is here, and not in the browser's tools, since theirs does not reach what workers fetch.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const CHUNK_BYTES = 4096;

/** A line: its rate, and how long anything takes to come through. */
export interface Line {
  readonly bitsPerSecond: number;
  readonly latencyMs: number;
}

/** A file that was fetched: its bytes on disk and on the line. */
export interface Transfer {
  readonly file: string;
  readonly bytes: number;
  readonly sent: number;
}

/** A server that runs. */
export interface LineServer {
  readonly address: string;
  /** What was fetched so far, in order. */
  readonly transfers: readonly Transfer[];
  close(): void;
}

/** Serves a folder; without a line as quickly as it can. */
export async function serveFolder(folder: string, line?: Line): Promise<LineServer> {
  const transfers: Transfer[] = [];
  const packed = new Map<string, Buffer>();
  /** When the line has brought everything that was given to it. */
  let free = 0;

  async function send(response: ServerResponse, body: Buffer): Promise<void> {
    if (!line) {
      response.end(body);
      return;
    }
    await sleep(line.latencyMs);
    for (let at = 0; at < body.length; at += CHUNK_BYTES) {
      const chunk = body.subarray(at, at + CHUNK_BYTES);
      const now = performance.now();
      free = Math.max(free, now) + (chunk.length * 8000) / line.bitsPerSecond;
      // Timers are no finer than this.
      if (free - now > 1) await sleep(free - now);
      response.write(chunk);
    }
    response.end();
  }

  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://page").pathname));
    const file = path === "/" ? "/index.html" : path;
    const found = join(folder, file);
    if (file.includes("..") || !existsSync(found)) {
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(found);
    const body = packed.get(file) ?? gzipSync(bytes);
    packed.set(file, body);
    transfers.push({ file: file.slice(1), bytes: bytes.length, sent: body.length });
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-encoding": "gzip",
      // As hosts say it of files that have their contents' hash in their names.
      "cache-control": file.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
    void send(response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    transfers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
