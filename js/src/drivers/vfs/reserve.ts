/**
 * Space set aside so that the log can always be copied into the database file.
 *
 * At the storage's limit a log could fill what is left, and then neither could the database file grow to take it in nor could a delete be
 * written: nothing would ever work again. So a ballast file grows with the log, ahead of it; when a checkpoint finds no room the ballast is
 * given up, and there is. From then on the database may not grow (the driver sees to that), so that later logs need no room, until the
 * ballast can be set aside again.
 */
import { StorageFullError, type SyncFile } from "./sync-file.ts";

export class CheckpointReserve {
  readonly #ballast: SyncFile;
  #givenUp = false;

  constructor(ballast: SyncFile) {
    this.#ballast = ballast;
  }

  /** Whether it is given up. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Sets aside as much as the log is about to have. Throws `StorageFullError` if there is no room. */
  cover(bytes: number): void {
    if (!this.#givenUp && this.#ballast.size() < bytes) this.#ballast.truncate(bytes);
  }

  /** Gives it up. False if it was already. */
  giveUp(): boolean {
    if (this.#givenUp) return false;
    this.#ballast.truncate(0);
    this.#givenUp = true;
    return true;
  }

  /** Sets it aside again, if there is room for as much as the log has. Gives whether it is now. */
  restore(bytes: number): boolean {
    this.#givenUp = false;
    try {
      this.cover(bytes);
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
      this.#givenUp = true;
    }
    return !this.#givenUp;
  }
}
