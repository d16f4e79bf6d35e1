/** Where replies go: the queue of requests in a page, or a worker's port. */
import type { DynatabError } from "./errors.ts";
import type { RequestTrace } from "./request-trace.ts";

/** Takes what became of the requests of one client. */
export interface ReplySink {
  /** Packed replies, in a buffer that is the receiver's from now on; those to a traced batch with what it did in SQLite. */
  replies(packed: Uint8Array<ArrayBuffer>, trace?: RequestTrace): void;
  /** These requests will have no reply. */
  failed(ids: readonly number[], error: DynatabError): void;
  /** These have had no reply for long; they may have one yet. */
  overdue(ids: readonly number[]): void;
  /** No request, sent or to be sent, will have a reply any more. */
  lost(error: DynatabError): void;
}
