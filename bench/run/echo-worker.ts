/** Sends every buffer back. */
const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
scope.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => scope.postMessage(data, [data]);
