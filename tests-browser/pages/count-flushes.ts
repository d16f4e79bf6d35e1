/** Evaluated in a worker before the package's script: counts what is flushed to the disk, and tells it to whoever asks. */
let flushed = 0;

const { prototype } = FileSystemSyncAccessHandle;
const flush = prototype.flush;
prototype.flush = function (this: FileSystemSyncAccessHandle): void {
  flushed += 1;
  flush.call(this);
};

const channel = new BroadcastChannel("flushes");
channel.onmessage = () => channel.postMessage(flushed);
