/**
 * The same doors as `assets.ts`, for the single-file build (`dynatab/inline`): the worker and the WebAssembly are inside the module,
 * compressed, and are served from blobs. A page needs `blob:` in its `worker-src` and `connect-src` then, if it has such a policy.
 */
import { files, type InlinedFile } from "dynatab:inlined";
import { AssetLoadError } from "../errors.ts";
import type { WasmSources } from "../protocol.ts";
import { givenModules } from "../wasm-modules.ts";
import type { AssetOptions } from "./assets.ts";

const addresses = new Map<InlinedFile, Promise<string>>();

/** The address of a blob with one of the files, which stays: a worker may be started again at any time. */
function addressOf(file: InlinedFile, type: string): Promise<string> {
  let address = addresses.get(file);
  if (!address) {
    address = unpack(files[file], type);
    addresses.set(file, address);
  }
  return address;
}

async function unpack(base64: string, type: string): Promise<string> {
  if (typeof DecompressionStream === "undefined") {
    throw new AssetLoadError(
      "This browser cannot unpack dynatab/inline, which needs DecompressionStream (Chrome 80, Firefox 113, Safari 16.4): use the ordinary build.",
    );
  }
  const packed = Uint8Array.from(atob(base64.replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return URL.createObjectURL(new Blob([await new Response(unpacked).arrayBuffer()], { type }));
}

/** Where the WebAssembly files come from. */
export async function wasmSources({ wasmModule }: AssetOptions): Promise<WasmSources> {
  const [engine, sqlJs, waSqlite] = await Promise.all(
    (["dynatab.wasm", "sqljs.wasm", "wa-sqlite.wasm"] as const).map((file) => addressOf(file, "application/wasm")),
  );
  return { engine: engine!, sqlJs: sqlJs!, waSqlite: waSqlite!, ...givenModules(wasmModule) };
}

/** Starts the worker's script. */
export async function startWorker(_options: AssetOptions): Promise<Worker> {
  return new Worker(await addressOf("worker.js", "text/javascript"), { type: "module", name: "dynatab" });
}

/** No script of another address can be shared between tabs: they speak over a channel. */
export function startBroker(_options: AssetOptions): undefined {
  return undefined;
}
