/** Timers for what nobody waits for: they do not keep Node's process alive. */

const { setTimeout: setTimer } = globalThis;

/** Runs something after so many milliseconds. */
export function later(run: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimer(run, ms);
  if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
  return timer;
}
