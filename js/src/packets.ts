/**
 * Packets of requests on their way through the engine's host: which replies are whose, and who hears what when there are none.
 */
import { type Excerpt, packExcerpts, replyExtents, requestExtents } from "./batch.ts";
import type { BatchMark } from "./crashed-batch.ts";
import { DatabaseClosedError, type DynatabError, EngineCrashedError } from "./errors.ts";
import type { ReplySink } from "./reply-sink.ts";
import { packSenders, type Sender, type SenderPart } from "./senders.ts";

/** A packed batch that waits for its turn. */
export interface Packet {
  batch: Uint8Array<ArrayBuffer>;
  /** How many there are in it. */
  requests: number;
  sink: ReplySink;
  /** Whose they are, if the ledger is to know. */
  sender: Sender | undefined;
  /** Whether its sender wants to know what it does in SQLite. */
  traced: boolean;
  /** Whether an engine died of them, or of others beside them: it is given to the next one alone. */
  suspect: boolean;
}

/** Whether no other packet may be in its batch. */
export function runsAlone({ traced, suspect }: Packet): boolean {
  return traced || suspect;
}

/** Whose request it is, and under which id its client knows it. */
export interface Origin {
  sink: ReplySink;
  id: number;
}

/** What the engine is working on: packets that were put together as one batch. */
export interface Work {
  packets: Packet[];
  senders: Uint8Array;
  batch: Uint8Array;
  begun: BatchMark;
}

/** Whose replies are where, and who has none. */
export interface Sorted {
  replies: [ReplySink, Uint8Array<ArrayBuffer>][];
  missing: Origin[];
}

/** The requests of packets, in their order. */
export function originsOf(packets: readonly Packet[]): Origin[] {
  return packets.flatMap(({ batch, sink }) => requestExtents(batch).map(({ id }) => ({ sink, id })));
}

/** Says whose the requests of these packets are, for the engine; nothing, where one of them has no sender. */
export function sendersOf(packets: readonly Packet[], followed: boolean): Uint8Array {
  const parts = packets.map(({ sender, requests, batch }): SenderPart | undefined => {
    if (!sender) return undefined;
    const part = { client: sender.client, confirmed: sender.confirmed, again: sender.again, requests };
    return packets.length === 1 ? part : { ...part, numbers: requestExtents(batch).map(({ id }) => id) };
  });
  return packSenders(parts, followed);
}

/** The usual case: the replies answer one packet, all of it, and need no sorting. They go back in its own buffer if they fit. */
export function whole({ batch, sink }: Packet, source: Uint8Array): Sorted {
  const buffer = batch.buffer.byteLength < source.length ? new ArrayBuffer(source.length) : batch.buffer;
  const replies = new Uint8Array(buffer, 0, source.length);
  replies.set(source);
  return { replies: [[sink, replies]], missing: [] };
}

/** Gives every sink the replies to its own requests, under the ids it gave them. */
export function sort(packets: readonly Packet[], source: Uint8Array): Sorted {
  const origins = originsOf(packets);
  const known = new Map(origins.map((origin, place) => [packets.length === 1 ? origin.id : place, origin]));
  const missing = new Set(origins);
  const answered = new Map<ReplySink, Excerpt[]>();
  for (const extent of replyExtents(source)) {
    const origin = known.get(extent.id);
    if (!origin || !missing.delete(origin)) throw new Error("the engine answered a request twice, or one it was not given");
    const excerpts = answered.get(origin.sink) ?? [];
    excerpts.push({ source, extent, id: origin.id });
    answered.set(origin.sink, excerpts);
  }
  return { replies: [...answered].map(([sink, excerpts]) => [sink, packExcerpts(excerpts)]), missing: [...missing] };
}

export function closed(): DatabaseClosedError {
  return new DatabaseClosedError("The database is closed: open it again with Dynatab.open().");
}

export function noAnswer(): EngineCrashedError {
  return new EngineCrashedError("The engine gave no answer to this request. Its outcome is unknown; read before you repeat it.");
}

/** Tells the origins, each sink once. */
export function reject(origins: Iterable<Origin>, error: DynatabError): void {
  const bySink = new Map<ReplySink, number[]>();
  for (const { sink, id } of origins) {
    const ids = bySink.get(sink);
    if (ids) ids.push(id);
    else bySink.set(sink, [id]);
  }
  for (const [sink, ids] of bySink) sink.failed(ids, error);
}
