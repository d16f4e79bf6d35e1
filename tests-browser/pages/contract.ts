/** Starts a worker for contract cases and passes them on, one at a time. */
import type { ContractRequest } from "./contract-worker.ts";
import { expose } from "./expose.ts";

const worker = new Worker("/pages/contract-worker.js", { type: "module" });

export const api = expose({
  /** Runs a case; gives null when it holds, otherwise what is wrong. */
  run: (request: ContractRequest) =>
    new Promise<string | null>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
      worker.onerror = ({ message }) => resolve(`the worker failed: ${message}`);
      worker.postMessage(request);
    }),
});
