/** Made-up latency: for teaching, and for seeing what an application does while a request is under way. */

/** Milliseconds a request waits before the engine gets it; a function is given the operation's name, such as `PutItem`. */
export type Latency = number | ((operation: string) => number);

const { setTimeout: setTimer, clearTimeout: clearTimer } = globalThis;

/** How long a request to this target waits: DynamoDB's own wait, the package's do not. What is not a number above 0 is no time at all. */
export function latencyOf(latency: Latency, target: string): number {
  if (!target.startsWith("DynamoDB")) return 0;
  const ms = typeof latency === "number" ? latency : latency(target.slice(target.lastIndexOf(".") + 1));
  return Math.max(ms || 0, 0);
}

/** Resolves after that time, or rejects with the signal's reason as soon as it aborts. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimer(timer);
      reject(signal?.reason);
    };
    const timer = setTimer(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
