/**
 * The server the test pages come from: both built packages as they are, and the pages of `pages/`, bundled when they are first asked for.
 * It sends no COOP or COEP header: the package must work without.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { packageDir } from "../scripts/build.mjs";
import { bundlePage } from "./page-bundle.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/**
 * Which build a page gets when it imports `dynatab`: what ships, the one with the provoked trap inside, or one that a test has made
 * (`PageServer.putPackage`).
 */
export type PackageVariant = "product" | "test" | "other";

/** The folder of a built package. */
export function builtPackage(variant: "product" | "test"): string {
  const folder = packageDir(variant);
  if (!existsSync(join(folder, "dist", "worker.js"))) {
    throw new Error(`${folder} is not built: run \`npm run build${variant === "test" ? " -- --test" : ""}\` first.`);
  }
  return folder;
}

/** The page around a bundle. */
function html(page: string, variant: string): string {
  const imports = JSON.stringify({ imports: { dynatab: `/${variant}/dist/index.js` } });
  return `<!doctype html>
<meta charset="utf-8">
<title>${page}</title>
<link rel="icon" href="data:,">
<script type="importmap">${imports}</script>
<script type="module" src="/pages/${page}.js"></script>
`;
}

/** A service worker's script of `pages/`: it lies beside the pages, where its scope is, and has no import map. */
async function serviceWorker(page: string): Promise<string> {
  return (await bundlePage(page)).replaceAll('"dynatab/service-worker"', '"./dist/service-worker.js"');
}

/** What a test has given its server: files by their paths, and the folder of a package. And what was asked of it: paths, in order. */
interface Own {
  readonly files: Map<string, string>;
  readonly asked: string[];
  other?: string;
}

async function load(path: string, own: Own): Promise<string | Buffer | undefined> {
  const given = own.files.get(path);
  if (given !== undefined) return given;
  const page = /^\/(product|test|other)\/([\w-]+)\.html$/.exec(path);
  if (page) return html(page[2]!, page[1]!);
  const worker = /^\/(?:product|test|other)\/([\w-]+-service-worker)\.js$/.exec(path);
  if (worker) return serviceWorker(worker[1]!);
  const bundle = /^\/pages\/([\w-]+)\.js$/.exec(path);
  if (bundle) return bundlePage(bundle[1]!);
  const asset = /^\/(product|test|other)\/(dist\/.+)$/.exec(path);
  if (!asset || normalize(path) !== path) return undefined;
  const variant = asset[1] as PackageVariant;
  const folder = variant === "other" ? own.other : builtPackage(variant);
  const file = folder === undefined ? undefined : join(folder, asset[2]!);
  return file !== undefined && existsSync(file) ? readFileSync(file) : undefined;
}

async function answer({ url = "/" }: IncomingMessage, response: ServerResponse, own: Own): Promise<void> {
  const path = decodeURIComponent(new URL(url, "http://page").pathname);
  own.asked.push(path);
  try {
    const content = await load(path, own);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    // As a content delivery network does: pages of other origins may use the package's files.
    const headers = { "content-type": content === undefined ? "text/plain" : type, "access-control-allow-origin": "*" };
    response.writeHead(content === undefined ? 404 : 200, headers);
    response.end(content ?? "not found");
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain" });
    response.end(String(error));
  }
}

/** A running server; its origin is where its pages' data belongs. */
export class PageServer {
  readonly port: number;
  readonly #own: Own;
  readonly #server: Server;

  private constructor(server: Server, own: Own) {
    this.#own = own;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Listens on a free port of this machine only. */
  static async start(): Promise<PageServer> {
    const own: Own = { files: new Map(), asked: [] };
    const server = createServer((request, response) => void answer(request, response, own));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PageServer(server, own);
  }

  /** The paths that were asked for, in order. */
  get asked(): readonly string[] {
    return this.#own.asked;
  }

  /** Serves a file of the test's own. */
  put(path: string, content: string): void {
    this.#own.files.set(path, content);
  }

  /** Serves a package of the test's own as the variant `other`. */
  putPackage(folder: string): void {
    this.#own.other = folder;
  }

  /** The address of a page around one of the packages. */
  address(page: string, variant: PackageVariant = "product", host = "127.0.0.1"): string {
    return `http://${host}:${this.port}/${variant}/${page}.html`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
