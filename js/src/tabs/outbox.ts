/**
 * What a client has asked and not been answered: the batches themselves, so that they can be sent again when their leader is gone. A client's
 * requests are numbered in the order in which they are made, and a batch holds consecutive ones.
 */
import { packExcerpts, requestExtents } from "../batch.ts";
import type { BatchMessage } from "../protocol.ts";

/** Request ids begin again behind this one. */
const LAST_ID = 0xffff_ffff;

/** A batch, and how far it has come. */
export interface Kept {
  readonly batch: Uint8Array<ArrayBuffer>;
  /** The id of its first request. */
  readonly first: number;
  /** Whether it is one request, whose sender wants to know what it does in SQLite. */
  readonly traced: boolean;
  /** One byte a request: whether it is settled. */
  readonly settled: Uint8Array;
  left: number;
  /** When it was made, and since when somebody who may be alive has it. */
  since: number;
  /** How many leaders it was sent to. */
  sent: number;
  /** Whether its callers have been told that there is no answer yet. */
  overdue: boolean;
}

/** Where an id stands in a batch whose first id is `first`. */
function placeOf(id: number, first: number): number {
  return id >= first ? id - first : id + LAST_ID - first;
}

function idAt(first: number, place: number): number {
  const id = first + place;
  return id > LAST_ID ? id - LAST_ID : id;
}

export class Outbox {
  #kept: Kept[] = [];
  #confirmed = 0;
  #spare: ArrayBuffer | undefined;

  /** Batches that are not settled whole, the oldest first. */
  get batches(): readonly Kept[] {
    return this.#kept;
  }

  get empty(): boolean {
    return this.#kept.length === 0;
  }

  /** Every request up to this number is settled; for a client that has made none, 0. */
  get confirmed(): number {
    const [oldest] = this.#kept;
    return oldest ? idAt(oldest.first, oldest.settled.indexOf(0)) - 1 : this.#confirmed;
  }

  add(batch: Uint8Array<ArrayBuffer>, now: number, traced = false): Kept {
    const view = new DataView(batch.buffer, batch.byteOffset, 8);
    const count = view.getUint32(0, true);
    const first = view.getUint32(4, true);
    const kept = { batch, first, traced, settled: new Uint8Array(count), left: count, since: now, sent: 0, overdue: false };
    this.#kept.push(kept);
    return kept;
  }

  /** A request has its answer, or will have none. False if it is not one of these, or has had it already. */
  settle(id: number): boolean {
    for (let at = 0; at < this.#kept.length; at += 1) {
      const kept = this.#kept[at]!;
      const place = placeOf(id, kept.first);
      if (place >= kept.settled.length) continue;
      if (kept.settled[place] === 1) return false;
      kept.settled[place] = 1;
      kept.left -= 1;
      if (kept.left === 0) this.#remove(at);
      return true;
    }
    return false;
  }

  #remove(at: number): void {
    const [{ batch, first, settled }] = this.#kept.splice(at, 1) as [Kept];
    this.#confirmed = idAt(first, settled.length - 1);
    this.#spare = batch.buffer;
  }

  /** Those that so many leaders have had, or more. */
  sentTo(leaders: number): Kept[] {
    return this.#kept.filter(({ sent }) => sent >= leaders);
  }

  /** There will be no answer to what is not settled of a batch: the ids of it. */
  giveUp(kept: Kept): number[] {
    const ids = this.#open(kept);
    for (const id of ids) this.settle(id);
    return ids;
  }

  /** The ids of what has been open since then or longer, of each batch once. */
  overdueSince(time: number): number[][] {
    const late = this.#kept.filter(({ overdue, since }) => !overdue && since <= time);
    for (const kept of late) kept.overdue = true;
    return late.map((kept) => this.#open(kept));
  }

  /** Takes all batches out, unsettled. */
  clear(): Kept[] {
    const all = this.#kept;
    this.#kept = [];
    return all;
  }

  /** What a leader is sent of a batch: all that is not settled. */
  messageOf(kept: Kept): BatchMessage {
    const { buffer: packed, length } = this.#copy(kept);
    const again = kept.sent > 0;
    kept.sent += 1;
    const message = { type: "batch", packed, length, confirmed: this.confirmed, again } as const;
    return kept.traced ? { ...message, traced: true } : message;
  }

  /** A copy of what is not settled of a batch, to be given away. */
  #copy({ batch, settled, left }: Kept): Uint8Array<ArrayBuffer> {
    if (left < settled.length) {
      const open = requestExtents(batch).filter((_, place) => settled[place] === 0);
      return packExcerpts(open.map((extent) => ({ source: batch, extent, id: extent.id })));
    }
    // Buffers are recycled: a new one for every message would cost more than the copy.
    const spare = this.#spare && this.#spare.byteLength >= batch.length ? this.#spare : undefined;
    this.#spare = undefined;
    const copy = new Uint8Array(spare ?? new ArrayBuffer(batch.length), 0, batch.length);
    copy.set(batch);
    return copy;
  }

  /** The ids of what is not settled of a batch. */
  #open({ first, settled }: Kept): number[] {
    const ids: number[] = [];
    settled.forEach((done, place) => {
      if (done === 0) ids.push(idAt(first, place));
    });
    return ids;
  }
}
