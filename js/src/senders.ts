/**
 * Says whose requests a batch holds, for the engine's ledger (`docs/tabs.md`; the layout is described in `crate/src/engine/ledger.rs`). A client
 * has an id for as long as it lives; the ids of its requests are its own numbers.
 */

/** Who has sent a batch. */
export interface Sender {
  readonly client: string;
  /** It has the replies to all its requests up to this number. */
  readonly confirmed: number;
  /** These requests may have been applied already. */
  readonly again: boolean;
}

/** One sender's part of a batch. */
export interface SenderPart extends Sender {
  readonly requests: number;
  /** The numbers of its requests, where the batch has other ids. */
  readonly numbers?: readonly number[];
}

const AGAIN = 1;
const NUMBERED = 2;
const NOBODY = new Uint8Array(0);
const encoder = new TextEncoder();
const clients = new Map<string, Uint8Array>();

function encodedClient(client: string): Uint8Array {
  let bytes = clients.get(client);
  if (!bytes) {
    bytes = encoder.encode(client);
    if (clients.size > 100) clients.clear();
    clients.set(client, bytes);
  }
  return bytes;
}

/** Packs the senders of a batch, in the order of its requests. Nothing, where a part has none: the ledger is not for such a batch. */
export function packSenders(parts: readonly (SenderPart | undefined)[], followed: boolean): Uint8Array {
  let size = 1;
  for (const part of parts) {
    if (!part) return NOBODY;
    size += 11 + encodedClient(part.client).length + 4 * (part.numbers?.length ?? 0);
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = followed ? 1 : 0;
  let at = 1;
  for (const { client, confirmed, again, requests, numbers } of parts as readonly SenderPart[]) {
    const name = encodedClient(client);
    view.setUint16(at, name.length, true);
    bytes.set(name, at + 2);
    at += 2 + name.length;
    view.setUint32(at, confirmed, true);
    bytes[at + 4] = (again ? AGAIN : 0) | (numbers ? NUMBERED : 0);
    view.setUint32(at + 5, requests, true);
    at += 9;
    for (const number of numbers ?? []) {
      view.setUint32(at, number, true);
      at += 4;
    }
  }
  return bytes;
}
