/** Evaluated in a worker before the package's script: counts what is flushed to the disk and tells it to whoever asks, and lets flushes fail. */
let flushed = 0;
/** How many of the next flushes fail. */
let failing = 0;

const { prototype } = FileSystemSyncAccessHandle;
const flush = prototype.flush;
prototype.flush = function (this: FileSystemSyncAccessHandle): void {
  if (failing > 0) {
    failing -= 1;
    throw new DOMException("the disk could not be reached", "InvalidStateError");
  }
  flushed += 1;
  flush.call(this);
};

const channel = new BroadcastChannel("flushes");
channel.onmessage = ({ data }: MessageEvent<{ fail: number }>) => {
  failing += data.fail;
  channel.postMessage(flushed);
};
