/**
 * The page's end of the conversation: gives every request its id, puts all requests of one turn into one packed batch (a message costs
 * 40 µs, a request in a shared one 3), and settles each promise when its reply, or its failure, arrives.
 */
import { BatchWriter, eachReply } from "./batch.ts";
import type { DynatabError, LateReply } from "./errors.ts";
import { giveUp, IdentifiedCalls } from "./identified-calls.ts";
import type { ReplySink } from "./reply-sink.ts";
import type { RequestTrace } from "./request-trace.ts";
import { unresponsiveError } from "./tabs/refusals.ts";
import type { Transport } from "./transport.ts";

/** Who waits for a request. Exactly one of the two is called, once; neither may throw. */
export interface Waiting {
  /** The body is a view of a buffer that serves other requests afterwards. */
  answered(status: number, body: Uint8Array, trace?: RequestTrace): void;
  failed(error: unknown): void;
}

const NOW = Promise.resolve();
/** A batch this large is sent without waiting for more. */
const FULL_BATCH_BYTES = 4 << 20;

export class RequestQueue implements ReplySink {
  readonly #transport: Transport;
  readonly #writer = new BatchWriter();
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #gathering = false;
  readonly #identified = new IdentifiedCalls();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Requests sent or about to be, whose outcome is not known yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Queues one request. The body is copied before this returns. With an `id` of the caller's own it may be one that was made before. One that
   * is `traced` travels alone, and its answer comes with what it did in SQLite.
   */
  dispatch(target: string, body: string | Uint8Array, waiting: Waiting, id?: string, traced = false): void {
    if (id !== undefined && this.#identified.join(id, waiting)) return;
    if (traced) this.flush();
    this.#queue(target, body, id === undefined ? waiting : this.#identified.begin(id, waiting));
    if (traced) this.flush(true);
  }

  #queue(target: string, body: string | Uint8Array, waiting: Waiting): void {
    const id = this.#nextId;
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    this.#writer.add(id, target, body);
    this.#waiting.set(id, waiting);
    if (this.#writer.size >= FULL_BATCH_BYTES) this.flush();
    else if (!this.#gathering) {
      this.#gathering = true;
      this.#gather(0);
    }
  }

  /**
   * Requests of one turn arrive over several rounds of microtasks (each SDK middleware is a few); the batch goes out after the first round
   * that brought none. (A promise's reaction is a microtask too, and costs a fifth of what `queueMicrotask` does.)
   */
  #gather(known: number): void {
    void NOW.then(() => {
      const count = this.#writer.count;
      if (count > known) this.#gather(count);
      else {
        this.#gathering = false;
        this.flush();
      }
    });
  }

  /** Sends what has gathered. */
  flush(traced = false): void {
    if (this.#writer.count > 0) this.#transport.send(this.#writer.take(), this, traced);
  }

  replies(packed: Uint8Array<ArrayBuffer>, trace?: RequestTrace): void {
    eachReply(packed, (id, status, body) => this.#settle(id)?.answered(status, body, trace));
    this.#writer.reuse(packed.buffer);
  }

  failed(ids: readonly number[], error: DynatabError): void {
    for (const id of ids) this.#settle(id)?.failed(error);
  }

  overdue(ids: readonly number[]): void {
    for (const id of ids) {
      const waiting = this.#waiting.get(id);
      if (waiting) this.#giveUp(id, waiting);
    }
  }

  #giveUp(id: number, waiting: Waiting): void {
    let late: Waiting | undefined;
    const settled = new Promise<LateReply>((resolve, reject) => {
      late = { answered: (status, body) => resolve({ status, body: body.slice() }), failed: reject };
    });
    // Nobody has to ask.
    settled.catch(() => {});
    if (late) this.#waiting.set(id, giveUp(waiting, unresponsiveError(settled), late));
  }

  lost(error: DynatabError): void {
    this.failed([...this.#waiting.keys()], error);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
