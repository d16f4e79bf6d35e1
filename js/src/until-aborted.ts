/** Giving up waiting. */

/** The promise, or a rejection with the signal's reason, whichever comes first. Without a signal, the promise itself. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Something being opened, or a rejection with the signal's reason; what is open by then, or opens later, is closed again. */
export function closedWhenAborted<T extends { close(): Promise<void> }>(opening: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const opened = untilAborted(opening, signal);
  if (signal) opened.catch(() => opening.then((late) => late.close())).catch(() => {});
  return opened;
}
