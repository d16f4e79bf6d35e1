/**
 * Files in memory that record what is done to them, can be told to fail, and can lose what was not flushed, as a power loss does.
 */
import { type DatabaseFiles, StorageFullError, type SyncFile } from "../../src/drivers/vfs/sync-file.ts";

export interface Recorded {
  readonly file: string;
  readonly call: "write" | "flush" | "truncate";
  readonly at: number;
  readonly bytes: number;
}

/** What one device does: the order of calls over all its files, and its faults. */
export class RecordingDevice {
  readonly calls: Recorded[] = [];
  /** Asked before each call; a message makes it fail, "full" as a full storage. */
  fault: (call: Recorded) => string | undefined = () => undefined;

  record(call: Recorded): void {
    const message = this.fault(call);
    if (message === "full") throw new StorageFullError("full");
    if (message !== undefined) throw new Error(message);
    this.calls.push(call);
  }

  /** What was recorded since the last call of this. */
  take(): Recorded[] {
    return this.calls.splice(0);
  }
}

/** A change that no flush has made durable yet. */
type Unflushed = { readonly size: number } | { readonly at: number; readonly bytes: Uint8Array };

export class RecordingFile implements SyncFile {
  #bytes: Uint8Array;
  #durable: Uint8Array;
  #unflushed: Unflushed[] = [];

  constructor(
    readonly name: string,
    private readonly device: RecordingDevice,
    content: Uint8Array = new Uint8Array(0),
  ) {
    this.#bytes = content.slice();
    this.#durable = content.slice();
  }

  read(into: Uint8Array, at: number): number {
    const part = this.#bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  write(from: Uint8Array, at: number): void {
    this.device.record({ file: this.name, call: "write", at, bytes: from.length });
    const change = { at, bytes: from.slice() };
    this.#bytes = applied(this.#bytes, change);
    this.#unflushed.push(change);
  }

  truncate(size: number): void {
    this.device.record({ file: this.name, call: "truncate", at: size, bytes: 0 });
    this.#bytes = applied(this.#bytes, { size });
    this.#unflushed.push({ size });
  }

  flush(): void {
    this.device.record({ file: this.name, call: "flush", at: 0, bytes: 0 });
    this.#durable = this.#bytes.slice();
    this.#unflushed = [];
  }

  size(): number {
    return this.#bytes.length;
  }

  close(): void {}

  /** What the disk holds after a power loss: what was flushed, and of each later change what `survives` says. */
  afterPowerLoss(survives: () => boolean): Uint8Array {
    return this.#unflushed.filter(survives).reduce(applied, this.#durable);
  }

  /** What the disk holds after the end of the process. */
  afterKill(): Uint8Array {
    return this.#bytes.slice();
  }
}

function applied(content: Uint8Array, change: Unflushed): Uint8Array {
  if ("size" in change) {
    const cut = new Uint8Array(change.size);
    cut.set(content.subarray(0, change.size));
    return cut;
  }
  const end = change.at + change.bytes.length;
  const result = end > content.length ? new Uint8Array(end) : content.slice();
  if (end > content.length) result.set(content);
  result.set(change.bytes, change.at);
  return result;
}

/** The files of one database on one device. */
export class RecordingFiles implements DatabaseFiles {
  readonly device = new RecordingDevice();
  readonly database: RecordingFile;
  readonly journal: RecordingFile;
  readonly wal: RecordingFile;
  readonly ballast: RecordingFile;

  constructor(content: { database?: Uint8Array; journal?: Uint8Array; wal?: Uint8Array } = {}) {
    this.database = new RecordingFile("database", this.device, content.database);
    this.journal = new RecordingFile("journal", this.device, content.journal);
    this.wal = new RecordingFile("wal", this.device, content.wal);
    this.ballast = new RecordingFile("ballast", this.device);
  }

  release(): void {}

  /** New files with what is left after the given kind of end. */
  left(of: (file: RecordingFile) => Uint8Array): RecordingFiles {
    return new RecordingFiles({ database: of(this.database), journal: of(this.journal), wal: of(this.wal) });
  }
}
