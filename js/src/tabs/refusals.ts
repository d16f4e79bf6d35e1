/** Why a database that tabs share cannot be used, in the words a user reads. */
import {
  DatabaseBusyError,
  DatabaseLostError,
  type LateReply,
  LeaderUnresponsiveError,
  PersistenceUnavailableError,
  VersionMismatchError,
  WorkerLostError,
} from "../errors.ts";
import { PROTOCOL_VERSION } from "../protocol.ts";

/** Somebody else has it open and does not share it, or shares it and is asked to give it away. */
export function busyError(name: string, cause?: unknown): DatabaseBusyError {
  return new DatabaseBusyError(
    `The database ${JSON.stringify(name)} is open elsewhere: in another tab, or a second time on this page, and one of the two does not share it (multiTab: false, or inProcess). Close it there, or use the database object that is open.`,
    { cause },
  );
}

/** Its tab is gone, and it was in memory there. */
export function lostDatabase(): DatabaseLostError {
  return new DatabaseLostError(
    "The tab that held this database in memory is gone, and the data with it. Open it again: it is empty then, or holds what another tab has put into it since.",
  );
}

/** To open it here would take a worker, and there can be none: a service worker with no tab beside it. */
export function nobodyLeads(): PersistenceUnavailableError {
  return new PersistenceUnavailableError(
    "no tab has this database open, and there are no workers and no file handles here, as in a service worker. Open it in a page of this origin first",
  );
}

/** The tabs that had it are gone, and who has asked cannot open it. */
export function abandonedError(sent: boolean): WorkerLostError {
  const outcome = sent ? "What this request did is unknown: read before you repeat it" : "This request did nothing: repeat it";
  return new WorkerLostError(
    `No tab has the database open any more, and it cannot be opened here. ${outcome}, once a tab has it open again.`,
  );
}

/** A newer release has it. */
export function outdatedError(version: number): VersionMismatchError {
  return new VersionMismatchError(
    `Another tab runs a newer release of dynatab (worker protocol ${version}, this page has ${PROTOCOL_VERSION}) and has taken the database over. Reload this page.`,
  );
}

/** The worker is of another release than its page. */
export function foreignWorkerError(version: number): VersionMismatchError {
  return new VersionMismatchError(
    `The database worker speaks version ${version} of dynatab's worker protocol, this page version ${PROTOCOL_VERSION}. Reload, or serve the files of one release.`,
  );
}

/** The worker that leads says nothing. */
export function unresponsiveError(settled?: Promise<LateReply>): LeaderUnresponsiveError {
  const advice = settled
    ? "This request is not lost: it is carried out, once, when it can be, and `settled` tells the outcome. Do not repeat it as a new one."
    : "Try again, or close the tab that has it.";
  return new LeaderUnresponsiveError(
    `The worker that has the database open, in this or another tab, does not answer: it is busy for long, or paused. ${advice}`,
    settled ? { settled } : {},
  );
}
