/** A database file with a ledger, as the engine keeps it (`crate/src/engine/ledger.rs`), and the host of an engine over it. */
import { packReplies, readRequests } from "../../src/batch.ts";
import type { ReplySink } from "../../src/reply-sink.ts";
import type { Sender } from "../../src/senders.ts";
import type { Served } from "../../src/tabs/leadership.ts";
import type { Thread } from "./world.ts";

type Replies = Map<number, string>;

/** What survives every death. */
export class Disk {
  value = 0;
  /** How often each request was applied. */
  readonly applied = new Map<string, number>();
  receipt: { client: string; replies: Replies } | undefined;
  readonly rows = new Map<string, Replies>();
  /** Who has it open. */
  holder: Thread | undefined;
}

interface Packet {
  batch: Uint8Array;
  sink: ReplySink;
  sender: Sender;
}

/** Counts up: the body of a request is its name, the body of its reply the count. */
export class DiskHost implements Served {
  followed = false;
  readonly #disk: Disk;
  readonly #thread: Thread;
  readonly #accounts = new Map<string, Replies>();
  #queue: Packet[] = [];
  #busy = false;
  #idle: (() => void) | undefined;

  constructor(disk: Disk, thread: Thread) {
    if (disk.holder?.alive) throw new Error("two workers have the files open");
    disk.holder = thread;
    this.#disk = disk;
    this.#thread = thread;
    for (const [client, replies] of disk.rows) this.#accounts.set(client, new Map(replies));
    if (disk.receipt) {
      const { client, replies } = disk.receipt;
      this.#accounts.set(client, new Map([...(this.#accounts.get(client) ?? []), ...replies]));
    }
  }

  submit(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, sender?: Sender): void {
    if (!sender) throw new Error("nobody sent it");
    this.#queue.push({ batch, sink, sender });
    if (!this.#busy) this.#work();
  }

  #work(): void {
    const { world } = this.#thread;
    this.#busy = true;
    world.later(world.delay(10), this.#thread, () => {
      const packets = this.#queue;
      this.#queue = [];
      const answers = packets.map((packet) => this.#run(packet));
      this.#save(packets);
      // The commit stands: whoever dies now has answered nobody.
      world.later(world.delay(2), this.#thread, () => {
        packets.forEach(({ sink }, at) => {
          sink.replies(packReplies(answers[at]!));
        });
        this.#busy = false;
        if (this.#queue.length > 0) this.#work();
        else this.#idle?.();
      });
    });
  }

  #run({ batch, sender }: Packet) {
    const replies = this.#accounts.get(sender.client) ?? new Map<number, string>();
    this.#accounts.set(sender.client, replies);
    for (const number of replies.keys()) if (number <= sender.confirmed) replies.delete(number);
    return readRequests(batch).map(({ id, body }) => {
      const name = new TextDecoder().decode(body);
      const known = sender.again ? replies.get(id) : undefined;
      if (known === undefined) {
        this.#disk.value += 1;
        this.#disk.applied.set(name, (this.#disk.applied.get(name) ?? 0) + 1);
        replies.set(id, String(this.#disk.value));
      }
      return { id, status: 200, body: new TextEncoder().encode(replies.get(id)) };
    });
  }

  #save(packets: readonly Packet[]): void {
    if (this.followed) {
      for (const [client, replies] of this.#accounts) this.#disk.rows.set(client, new Map(replies));
    } else {
      const [first] = packets;
      if (!first) return;
      const { client } = first.sender;
      if (packets.some(({ sender }) => sender.client !== client)) throw new Error("nobody is followed, and there are two clients");
      this.#disk.receipt = { client, replies: new Map(this.#accounts.get(client)) };
    }
  }

  watch(): void {}

  forget(): void {}

  /** Answers what was submitted, then lets the files go. */
  async close(): Promise<void> {
    if (this.#busy) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    this.#disk.holder = undefined;
  }
}
