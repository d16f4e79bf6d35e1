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

  /** A write that fails leaves its first half. */
  tears = false;
  /** Flushes say that they have happened and have not. */
  lies = false;

  /** The bytes all files together may have, and have. */
  quota = Number.POSITIVE_INFINITY;
  used = 0;

  /** Accounts for a file's new size. */
  resize(from: number, to: number): void {
    if (to > from && this.used + to - from > this.quota) throw new StorageFullError("full");
    this.used += to - from;
  }

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
  readonly #content: Content;
  readonly #durable: Content;
  #unflushed: Unflushed[] = [];

  constructor(
    readonly name: string,
    private readonly device: RecordingDevice,
    content: Uint8Array = new Uint8Array(0),
  ) {
    device.resize(0, content.length);
    this.#content = new Content(content);
    this.#durable = new Content(content);
  }

  read(into: Uint8Array, at: number): number {
    const part = this.#content.bytes().subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  write(from: Uint8Array, at: number): void {
    try {
      this.device.record({ file: this.name, call: "write", at, bytes: from.length });
    } catch (error) {
      if (this.device.tears) this.#change({ at, bytes: from.slice(0, from.length >> 1) });
      throw error;
    }
    this.device.resize(this.size(), Math.max(this.size(), at + from.length));
    this.#change({ at, bytes: from.slice() });
  }

  truncate(size: number): void {
    this.device.record({ file: this.name, call: "truncate", at: size, bytes: 0 });
    this.device.resize(this.size(), size);
    this.#change({ size });
  }

  flush(): void {
    this.device.record({ file: this.name, call: "flush", at: 0, bytes: 0 });
    if (this.device.lies) return;
    for (const change of this.#unflushed.splice(0)) this.#durable.apply(change);
  }

  size(): number {
    return this.#content.size;
  }

  close(): void {}

  /** What the disk holds after a power loss: what was flushed, and of each later change what `survives` says. */
  afterPowerLoss(survives: () => boolean): Uint8Array {
    const left = new Content(this.#durable.bytes());
    for (const change of this.#unflushed) if (survives()) left.apply(change);
    return left.bytes().slice();
  }

  /** What the disk holds after the end of the process. */
  afterKill(): Uint8Array {
    return this.#content.bytes().slice();
  }

  #change(change: Unflushed): void {
    this.#content.apply(change);
    this.#unflushed.push(change);
  }
}

/** Bytes that grow in place. */
class Content {
  #room: Uint8Array;
  size: number;

  constructor(bytes: Uint8Array) {
    this.#room = bytes.slice();
    this.size = bytes.length;
  }

  bytes(): Uint8Array {
    return this.#room.subarray(0, this.size);
  }

  apply(change: Unflushed): void {
    if ("size" in change) {
      if (change.size < this.size) this.#room.fill(0, change.size, this.size);
      this.#resize(change.size);
      return;
    }
    this.#resize(Math.max(this.size, change.at + change.bytes.length));
    this.#room.set(change.bytes, change.at);
  }

  #resize(size: number): void {
    if (size > this.#room.length) {
      const grown = new Uint8Array(size * 2);
      grown.set(this.#room);
      this.#room = grown;
    }
    this.size = size;
  }
}

/** The files of one database on one device. */
export class RecordingFiles implements DatabaseFiles {
  readonly device = new RecordingDevice();
  readonly database: RecordingFile;
  readonly journal: RecordingFile;
  readonly wal: RecordingFile;

  constructor(content: { database?: Uint8Array; journal?: Uint8Array; wal?: Uint8Array } = {}) {
    this.database = new RecordingFile("database", this.device, content.database);
    this.journal = new RecordingFile("journal", this.device, content.journal);
    this.wal = new RecordingFile("wal", this.device, content.wal);
  }

  release(): void {}

  /** New files with what is left after the given kind of end. */
  left(of: (file: RecordingFile) => Uint8Array): RecordingFiles {
    return new RecordingFiles({ database: of(this.database), journal: of(this.journal), wal: of(this.wal) });
  }
}
