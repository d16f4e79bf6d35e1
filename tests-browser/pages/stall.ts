/** Evaluated in a worker before the package's script: holds the worker up for as long as it is told, as a debugger does, or a long task. */
const channel = new BroadcastChannel("stall");
channel.onmessage = ({ data }: MessageEvent<{ worker: string; ms: number }>) => {
  if (data.worker !== workerName) return;
  const end = Date.now() + data.ms;
  while (Date.now() < end);
};

/** Told to the worker before. */
const { workerName } = globalThis as unknown as { workerName: string };

export {};
