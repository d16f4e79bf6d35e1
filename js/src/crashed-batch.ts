/**
 * What becomes of the requests that an engine died over. They run again, one at a time, so that only the one that kills engines fails, where that
 * does nothing twice: if nothing of their batch was committed, or if the ledger knows what of it was.
 */
import { packExcerpts, requestExtents } from "./batch.ts";
import type { Connection } from "./connection.ts";
import { EngineCrashedError } from "./errors.ts";
import type { Packet } from "./packets.ts";

/** How far a connection was when a batch began. */
export class BatchMark {
  readonly #connection: Connection | undefined;
  readonly #commits: number | undefined;

  constructor(connection: Connection | undefined) {
    this.#connection = connection;
    this.#commits = connection?.commits;
  }

  /** Whether the batch has left nothing behind once its open transaction is rolled back. */
  undone(connection: Connection | undefined): boolean {
    return connection !== undefined && connection === this.#connection && connection.commits === this.#commits;
  }
}

/** Those that run again, each by itself, and those that fail. */
export function afterCrash(packets: readonly Packet[], undone: boolean, ledger: boolean): { again: Packet[]; failed: Packet[] } {
  const mayRunAgain = ({ sender, suspect }: Packet) => !suspect && (undone || (ledger && sender !== undefined));
  return {
    again: packets.filter(mayRunAgain).flatMap(oneByOne),
    failed: packets.filter((packet) => !mayRunAgain(packet)),
  };
}

/** The requests of a packet, each by itself. */
function oneByOne({ batch, sink, sender, traced }: Packet): Packet[] {
  return requestExtents(batch).map((extent) => ({
    batch: packExcerpts([{ source: batch, extent, id: extent.id }]),
    requests: 1,
    sink,
    sender: sender && { ...sender, again: true },
    suspect: true,
    traced,
  }));
}

/** Why an engine is dead, as those are told who had asked something of it. */
export function crashOf(error: unknown): EngineCrashedError {
  return crashed(error, "What this request did is unknown; read before you repeat it.");
}

/** The same where nothing of the request is left. */
export function withoutTrace({ cause }: EngineCrashedError): EngineCrashedError {
  return crashed(cause, "This request has changed nothing. Repeated as it is it would most likely do the same again.");
}

function crashed(error: unknown, outcome: string): EngineCrashedError {
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new EngineCrashedError(`The database engine crashed (${told}). ${outcome} The next call starts a new engine.`, { cause: error });
}
