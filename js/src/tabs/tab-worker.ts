/**
 * A page's worker from its first message to its end: it opens the database, at once or when its turn has come, answers its own page, serves the
 * pages of other tabs, and lets go in good order.
 */

import { errorToMessage, VersionMismatchError } from "../errors.ts";
import {
  type FromBroker,
  type FromWorker,
  type OpenMessage,
  PROTOCOL_VERSION,
  type TabMessage,
  type ToBroker,
  type ToWorker,
} from "../protocol.ts";
import type { OpenResult } from "../transport.ts";
import { type Answer, Leadership, type Served, Session } from "./leadership.ts";
import type { TabChannel } from "./platform.ts";

/** Lets a lock go. */
export type Release = () => void;

/** Takes the lock of a database that is to be opened. One that is not durable exists in this thread alone, if it is not shared. */
export type TakeLock = (durable: boolean) => Promise<Release>;

/** An open database, and the end of it: its lock is let go, too. */
export interface ServedDatabase {
  readonly host: Served;
  readonly opened: OpenResult;
  readonly answer: Answer;
  close(): Promise<void>;
}

/** What a worker needs around it. */
export interface WorkerPlatform {
  say(message: FromWorker, transfer: Transferable[]): void;
  /** Ends this worker, its locks with it. */
  end(): void;
  /** Takes a lock and keeps it. */
  hold(lock: string): Promise<Release>;
  /** The name of a shared database's lock. */
  lockOf(message: OpenMessage): string;
  takeAlone(message: OpenMessage, durable: boolean): Promise<Release>;
  /** Joins the channel of that name. */
  join(name: string, hear: (message: TabMessage) => void): TabChannel;
  open(message: OpenMessage, take: TakeLock): Promise<ServedDatabase>;
  hasOtherClients(message: OpenMessage): Promise<boolean>;
}

export class TabWorker {
  readonly #platform: WorkerPlatform;
  #opening: Promise<void> | undefined;
  #database: ServedDatabase | undefined;
  #page: Session | undefined;
  #leadership: Leadership | undefined;
  #channel: TabChannel | undefined;
  #id: string | null = null;
  #brokerPort: MessagePort | undefined;
  /** Whether it waits for the lock of a database that is shared, and whether it has it. */
  #waiting = false;
  #leading = false;
  #ending = false;

  constructor(platform: WorkerPlatform) {
    this.#platform = platform;
  }

  hear(message: ToWorker): void {
    switch (message.type) {
      case "open":
        void this.#answerOpen(message);
        break;
      case "close":
        void this.#answerClose();
        break;
      case "broker":
        this.#brokerPort = message.port;
        this.#meetBroker();
        break;
      default:
        // A page sends its first batch after `opened`.
        this.#page?.hear(message);
        break;
    }
  }

  #say(message: FromWorker, transfer: Transferable[] = []): void {
    this.#platform.say(message, transfer);
  }

  async #open(message: OpenMessage): Promise<void> {
    if (message.version !== PROTOCOL_VERSION) {
      throw new VersionMismatchError(
        `The page speaks version ${message.version} of dynatab's worker protocol, its worker version ${PROTOCOL_VERSION}: a cache holds files of two releases. Reload, or serve the files of one release.`,
      );
    }
    const { worker: id, multiTab } = message;
    this.#id = id;
    if (id !== null) {
      await this.#platform.hold(id);
      this.#say({ type: "alive" });
    }
    const take: TakeLock = (durable) => {
      // A database in memory is its tab's own unless the tabs have agreed to share it.
      if (id === null || !(multiTab ?? durable)) return this.#platform.takeAlone(message, durable);
      return this.#waitForTurn(this.#platform.lockOf(message), id);
    };
    const database = await this.#platform.open(message, take);
    this.#database = database;
    if (this.#leading && id !== null) {
      database.host.followed = await this.#platform.hasOtherClients(message);
      this.#leadership = new Leadership(id, database.host, database.answer, database.opened, (told) => this.#channel?.post(told));
      this.#meetBroker();
    }
    this.#page = new Session(message.client, database.host, database.answer, (told, transfer) => this.#say(told, transfer));
    this.#page.welcome(database.opened);
  }

  /** Waits until every worker before this one has gone; this one leads then. */
  async #waitForTurn(lock: string, id: string): Promise<Release> {
    this.#waiting = true;
    const release = await this.#platform.hold(lock);
    this.#waiting = false;
    this.#leading = true;
    this.#say({ type: "leading" });
    this.#channel = this.#platform.join(lock, (message) => this.#hearTabs(message, id));
    this.#channel.post({ type: "opening", leader: id });
    return release;
  }

  /** Has the broker pass on ports to this worker, which leads. */
  #meetBroker(): void {
    const port = this.#brokerPort;
    if (!port || !this.#leadership || this.#id === null) return;
    port.onmessage = ({ data }: MessageEvent<FromBroker>) => this.#leadership?.accept(data.port);
    port.postMessage({ type: "lead", leader: this.#id } satisfies ToBroker);
  }

  #hearTabs(message: TabMessage, id: string): void {
    if (message.type === "seek" && message.version > PROTOCOL_VERSION) void this.#yieldLead();
    else if (this.#leadership) this.#leadership.hear(message);
    else if (message.type === "seek") this.#channel?.post({ type: "opening", leader: id });
  }

  /** Answers what was accepted, closes the database, and tells everyone. */
  async #finish(): Promise<void> {
    this.#ending = true;
    // One that still waits for its turn never comes that far.
    if (!this.#waiting) await this.#opening;
    this.#page?.refuse();
    this.#leadership?.refuse();
    try {
      await this.#database?.close();
    } finally {
      this.#leadership?.yielded();
      this.#channel?.close();
    }
  }

  async #yieldLead(): Promise<void> {
    if (this.#ending) return;
    try {
      await this.#finish();
    } catch {
      // Whoever leads next finds what there is.
    }
    this.#say({ type: "yielded" });
    this.#platform.end();
  }

  async #answerOpen(message: OpenMessage): Promise<void> {
    this.#opening = this.#open(message);
    try {
      await this.#opening;
    } catch (error) {
      this.#say({ type: "openFailed", error: errorToMessage(error) });
      this.#platform.end();
    }
  }

  async #answerClose(): Promise<void> {
    try {
      await this.#finish();
      this.#say({ type: "closed" });
    } catch (error) {
      this.#say({ type: "closed", error: errorToMessage(error) });
    }
    this.#platform.end();
  }
}
