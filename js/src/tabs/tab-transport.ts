/**
 * The page's side of a database that runs in a worker: its own, or that of the tab that leads (`docs/tabs.md`).
 *
 * The page starts a worker, which waits for its turn, and looks for one that leads. Whichever it finds first it sends its requests to. When that
 * one is gone it looks again, and sends again what was not answered; the ledger in the database sees to it that nothing is done twice.
 */

import { eachReply, requestExtents } from "../batch.ts";
import type { StreamListener } from "../changes/listener.ts";
import type { Counters } from "../counters.ts";
import { type DynatabError, errorFromMessage, VersionMismatchError, WorkerLostError } from "../errors.ts";
import { type Calls, type FromLeader, type FromWorker, type OpenMessage, PROTOCOL_VERSION, type TabMessage } from "../protocol.ts";
import type { ReplySink } from "../reply-sink.ts";
import type { OpenResult, Transport } from "../transport.ts";
import { Following } from "./following.ts";
import { type Visitor, visit } from "./guest.ts";
import { type Link, ownLink } from "./links.ts";
import { type Kept, Outbox } from "./outbox.ts";
import { OwnWorker } from "./own-worker.ts";
import { Patience } from "./patience.ts";
import { PendingCalls } from "./pending-calls.ts";
import type { TabChannel, TabPlatform } from "./platform.ts";
import { abandonedError, busyError, foreignWorkerError, lostDatabase, nobodyLeads, outdatedError, unresponsiveError } from "./refusals.ts";

/** What the page's worker is told, but for what this class knows. */
export type OpenWish = Omit<OpenMessage, "type" | "version" | "worker">;

interface Settle<T> {
  resolve(value: T): void;
  reject(error: DynatabError): void;
}

/** Requests that so many workers died over are not given to another. */
const MOST_DEATHS = 3;

export class TabTransport implements Transport {
  opened: OpenResult = { persistence: "memory" };
  readonly #platform: TabPlatform;
  readonly #wish: OpenWish;
  readonly #patienceMs: number;
  readonly #patience: Patience;
  readonly #outbox = new Outbox();
  readonly #channel: TabChannel | undefined;
  #sink: ReplySink | undefined;
  #listener: StreamListener | undefined;
  readonly #watched = new Set<string>();
  #own: OwnWorker | undefined;
  /** Whether the page's own worker has the database's lock. */
  #ownLeads = false;
  #link: Link | undefined;
  /** The leader that is followed or about to be. */
  #following: Following | undefined;
  #opening: Settle<OpenResult> | undefined;
  #closing: { settle: Settle<void>; asked: boolean } | undefined;
  readonly #calls = new PendingCalls();
  readonly #visitor: Visitor = {
    seeks: () => this.#waits && !this.#link,
    seek: () => this.#seek(),
    nobodyLeads: (alone) => this.#abandon(alone),
  };
  #ended: DynatabError | undefined;
  /** A newer version wants to lead: this one ends when its leader has. */
  #outdated: VersionMismatchError | undefined;
  #frozen = false;
  #starting = false;
  /** Workers that ended one after another while they waited for their turn. */
  #standbysLost = 0;

  private constructor(platform: TabPlatform, wish: OpenWish, patience: number) {
    this.#platform = platform;
    this.#wish = wish;
    this.#patienceMs = patience;
    this.#patience = new Patience(platform, patience, { waits: () => this.#waits, silent: (ms, now) => this.#silent(ms, now) });
    this.#channel = platform.join((message) => this.#hearTabs(message));
  }

  /** Opens the database. Rejects with one of the package's errors; nothing is left of it then. */
  static async open(platform: TabPlatform, wish: OpenWish, patience: number): Promise<TabTransport> {
    const transport = new TabTransport(platform, wish, patience);
    const opened = new Promise<OpenResult>((resolve, reject) => {
      transport.#opening = { resolve, reject };
    });
    transport.#seekLeader();
    transport.#patience.look();
    transport.opened = await opened;
    return transport;
  }

  send(batch: Uint8Array<ArrayBuffer>, sink: ReplySink, traced?: boolean): void {
    this.#sink = sink;
    if (this.#ended) {
      sink.lost(this.#ended);
      return;
    }
    if (this.#outdated) {
      // Those before it are being answered.
      const ids = requestExtents(batch).map(({ id }) => id);
      sink.failed(ids, this.#outdated);
      return;
    }
    const kept = this.#outbox.add(batch, this.#platform.now(), traced);
    if (this.#link) this.#post(this.#link, kept);
    this.#await();
  }

  watch(tables: readonly string[], listener: StreamListener): void {
    this.#listener = listener;
    if (this.#ended) {
      listener.changed();
      return;
    }
    for (const table of tables) this.#watched.add(table);
    this.#link?.post({ type: "watch", tables: [...tables] }, []);
  }

  counters(): Promise<Counters> {
    return this.#call("counters", undefined);
  }

  dump(): Promise<Blob> {
    return this.#call("dump", undefined);
  }

  load(file: Blob): Promise<void> {
    return this.#call("load", file);
  }

  #call<What extends keyof Calls>(what: What, input: Calls[What]["input"]): Promise<Calls[What]["output"]> {
    const ended = this.#ended ?? this.#outdated;
    if (ended) return Promise.reject(ended);
    const { asked, answer } = this.#calls.add(what, input);
    this.#link?.post(asked, []);
    this.#await();
    return answer;
  }

  /** Something was asked: there is to be somebody who answers. */
  #await(): void {
    if (!this.#link && !this.#own && !this.#frozen) this.#startWorker();
    this.#patience.look();
  }

  /** Waits for what was sent, then closes the database here; another tab's goes on. */
  close(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#closing = { settle: { resolve, reject }, asked: false };
      this.#closeIfSettled();
    });
  }

  /** The page will not run for a while, nor its worker: another tab is to lead. */
  freeze(): void {
    if (this.#ended || this.#frozen || !this.#channel) return;
    // What is in memory would be lost with the worker.
    if (this.#ownLeads && this.opened.persistence === "memory") return;
    this.#frozen = true;
    this.#dropOwn();
  }

  /** It runs again. */
  resume(): void {
    if (this.#ended || !this.#frozen) return;
    this.#frozen = false;
    this.#patience.heard();
    if (this.#link) this.#startWorker();
    else this.#seekLeader();
    this.#patience.look();
  }

  // The page's own worker

  /** Starts it, to lead when its turn has come. Who can have none sees whether somebody else leads. */
  #startWorker(): void {
    if (this.#starting) return;
    this.#starting = true;
    const { startWorker } = this.#platform;
    void (startWorker ? this.#start(startWorker) : visit(this.#platform, this.#visitor)).finally(() => {
      this.#starting = false;
    });
  }

  #mayStart(): boolean {
    return !this.#own && !this.#frozen && !this.#outdated && !this.#ended;
  }

  async #start(startWorker: NonNullable<TabPlatform["startWorker"]>): Promise<void> {
    if (!this.#mayStart()) return;
    try {
      const { worker, id } = await startWorker();
      if (!this.#mayStart()) {
        worker.terminate();
        return;
      }
      const own: OwnWorker = new OwnWorker(worker, id, this.#platform.watchLife, {
        hear: (message) => this.#hearOwn(own, message),
        lost: (error) => this.#loseOwn(error),
      });
      this.#own = own;
      own.post({ type: "open", version: PROTOCOL_VERSION, ...this.#wish, worker: id });
    } catch (error) {
      this.#loseOwn(error as DynatabError);
    }
  }

  #hearOwn(own: OwnWorker, message: FromWorker): void {
    this.#patience.heard();
    switch (message.type) {
      case "alive":
        break;
      case "leading": {
        this.#ownLeads = true;
        this.#standbysLost = 0;
        const port = this.#platform.brokerPort();
        if (port) own.post({ type: "broker", port }, [port]);
        break;
      }
      case "opened":
        this.#ownLeads = true;
        this.#stopFollowing();
        this.#welcomed(ownLink(own), message);
        break;
      case "openFailed":
        this.#loseOwn(errorFromMessage(message.error));
        break;
      case "closed":
        if (message.error) this.#closing?.settle.reject(errorFromMessage(message.error));
        this.#end(new WorkerLostError("The database worker has ended. Open the database again."));
        break;
      case "yielded":
        // It has closed its database for a newer version.
        this.#dropOwn();
        if (this.#outdated) this.#end(this.#outdated);
        break;
      default:
        this.#hear(message);
    }
  }

  /** Ends the own worker, and what leads through it. */
  #dropOwn(): void {
    const led = this.#ownLeads && this.#link?.leader === this.#own?.id;
    this.#own?.end();
    this.#own = undefined;
    this.#ownLeads = false;
    if (led) this.#unlink();
  }

  /** The own worker is gone, or of no use. */
  #loseOwn(error: DynatabError): void {
    const opened = this.#link !== undefined && this.#link.leader === this.#own?.id;
    const led = this.#ownLeads;
    this.#dropOwn();
    if (this.#opening || error instanceof VersionMismatchError) {
      this.#end(error);
      return;
    }
    if (opened && this.opened.persistence === "memory") {
      // What it held is gone with it.
      this.#end(this.#channel ? lostDatabase() : error);
      return;
    }
    if (this.#closing) {
      this.#closeIfSettled();
      if (this.#ended) return;
    }
    if (opened) {
      this.#failDoomed(error);
      this.#seekLeader();
    } else if (led || this.#standbysLost >= MOST_DEATHS) {
      // It was to take over and cannot. The next call tries again.
      if (!this.#link) this.#fail(this.#outbox.batches, error);
    } else {
      this.#standbysLost += 1;
      this.#startWorker();
    }
  }

  /** Fails the requests that workers keep dying over. */
  #failDoomed(error: DynatabError): void {
    this.#fail(this.#outbox.sentTo(MOST_DEATHS), error);
  }

  #fail(batches: readonly Kept[], error: DynatabError): void {
    for (const kept of [...batches]) this.#sink?.failed(this.#outbox.giveUp(kept), error);
    this.#calls.rejectAll(error);
    this.#closeIfSettled();
  }

  // Other tabs' workers

  #seek(): void {
    this.#channel?.post({ type: "seek", version: PROTOCOL_VERSION });
  }

  /** Looks for whoever leads, and is ready to be it. */
  #seekLeader(): void {
    this.#startWorker();
    this.#seek();
  }

  /** Nobody leads: what was asked has no answer. The next call looks again. */
  #abandon(alone: boolean): void {
    const { name } = this.#wish;
    if (this.#opening) this.#end(alone ? busyError(name) : nobodyLeads());
    else {
      this.#fail(this.#outbox.sentTo(1), abandonedError(true));
      this.#fail(this.#outbox.batches, alone ? busyError(name) : abandonedError(false));
    }
  }

  #hearTabs(message: TabMessage): void {
    if (this.#ended) return;
    switch (message.type) {
      case "seek":
        if (message.version > PROTOCOL_VERSION) this.#becomeOutdated(message.version);
        break;
      case "opening":
        this.#patience.heard();
        break;
      case "leads":
        if (message.version > PROTOCOL_VERSION) this.#end(outdatedError(message.version));
        else if (message.version === PROTOCOL_VERSION) this.#follow(message.leader);
        break;
      case "relay":
        if (message.to === this.#wish.client && message.from === this.#following?.leader) {
          this.#following.hearRelayed(message.message as FromLeader);
        }
        break;
    }
  }

  /** A newer version asks: whoever leads closes the database, and nobody of this version takes it up again. */
  #becomeOutdated(version: number): void {
    if (this.#outdated) return;
    this.#outdated = outdatedError(version);
    if (this.#opening) this.#end(this.#outdated);
    else if (!this.#ownLeads) {
      this.#dropOwn();
      if (!this.#link) this.#end(this.#outdated);
    }
  }

  #follow(leader: string): void {
    if (this.#following?.leader === leader || this.#ownLeads) return;
    this.#stopFollowing();
    this.#unlink();
    this.#patience.heard();
    this.#following = new Following(leader, this.#wish.client, this.#platform, (message) => this.#channel?.post(message), {
      welcomed: (link, message) => {
        this.#patience.heard();
        this.#welcomed(link, message);
      },
      hear: (message) => {
        this.#patience.heard();
        this.#hear(message);
      },
      leaderGone: () => this.#leaderGone(),
    });
  }

  /** The leader has ended, or leads no more. */
  #leaderGone(): void {
    const linked = this.#link !== undefined;
    this.#stopFollowing();
    this.#unlink();
    if (this.#outdated) this.#end(this.#outdated);
    else if (linked && this.opened.persistence === "memory") this.#end(lostDatabase());
    else {
      this.#failDoomed(new WorkerLostError(`${MOST_DEATHS} database workers ended while they had this request.`));
      this.#seekLeader();
    }
  }

  #stopFollowing(): void {
    this.#following?.end();
    this.#following = undefined;
  }

  // The leader, whoever it is

  #welcomed(link: Link, { version, persistence, reason }: Extract<FromLeader, { type: "opened" }>): void {
    this.#link = link;
    if (version !== PROTOCOL_VERSION) {
      this.#end(foreignWorkerError(version));
      return;
    }
    for (const kept of this.#outbox.batches) this.#post(link, kept);
    for (const asked of this.#calls.asked) link.post(asked, []);
    this.#opening?.resolve(reason === undefined ? { persistence } : { persistence, reason });
    this.#opening = undefined;
    // What was watched at another leader may have changed since.
    if (this.#watched.size > 0) this.#changed();
    this.#closeIfSettled();
  }

  #unlink(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.leave();
    if (link) this.#calls.leaderGone();
  }

  #post(link: Link, kept: Kept): void {
    const message = this.#outbox.messageOf(kept);
    link.post(message, [message.packed]);
  }

  #hear(message: FromLeader): void {
    switch (message.type) {
      case "replies": {
        const packed = new Uint8Array(message.packed, 0, message.length);
        eachReply(packed, (id) => this.#outbox.settle(id));
        this.#sink?.replies(packed, message.trace);
        break;
      }
      case "failed":
        for (const id of message.ids) this.#outbox.settle(id);
        this.#sink?.failed(message.ids, errorFromMessage(message.error));
        break;
      case "changed":
        this.#changed(message.tables);
        break;
      case "replaced":
        this.#listener?.replaced();
        break;
      case "called":
        this.#calls.called(message);
        break;
    }
    if (this.#closing) this.#closeIfSettled();
  }

  #changed(tables?: readonly string[]): void {
    for (const table of tables ?? [...this.#watched]) this.#watched.delete(table);
    this.#listener?.changed(tables);
  }

  // Waiting

  get #waits(): boolean {
    return !this.#ended && (this.#opening !== undefined || !this.#calls.empty || !this.#outbox.empty);
  }

  /** Nothing was heard for a while. */
  #silent(silence: number, now: number): void {
    // A worker of one's own that is opening loads files, which may take as long as it takes.
    if ((this.#ownLeads && !this.#link) || this.#frozen) return;
    if (this.#link) this.#link.post({ type: "ping" }, []);
    else if (this.#channel) this.#seek();
    if (silence < this.#patienceMs) return;
    for (const ids of this.#outbox.overdueSince(now - this.#patienceMs)) this.#sink?.overdue(ids);
    this.#calls.rejectAll(unresponsiveError());
    if (!this.#link && !this.#opening && this.#own && !this.#own.heard) {
      // It can have ended before it held the lock of its life, by which its end would have been known.
      this.#patience.heard();
      this.#loseOwn(new WorkerLostError("The database worker did not start."));
    }
    if (this.#outdated) this.#end(this.#outdated);
    else if (this.#opening && this.#channel) void this.#giveUpOpening();
    this.#closeIfSettled();
  }

  async #giveUpOpening(): Promise<void> {
    const alone = await this.#platform.isHeldAlone();
    if (this.#opening) this.#end(alone ? busyError(this.#wish.name) : unresponsiveError());
  }

  // The end

  /** Closes when everything that was sent is answered, or its callers have been told that it is late. */
  #closeIfSettled(): void {
    const closing = this.#closing;
    if (!closing || closing.asked || this.#outbox.batches.some(({ overdue }) => !overdue)) return;
    closing.asked = true;
    if (this.#ownLeads && this.#own) this.#own.post({ type: "close" });
    else this.#end(new WorkerLostError("The database is closed. Open it again."));
  }

  /** Nothing will come any more: tells everybody who waits, once. */
  #end(error: DynatabError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#patience.end();
    this.#stopFollowing();
    this.#own?.end();
    this.#own = undefined;
    this.#unlink();
    this.#channel?.close();
    this.#opening?.reject(error);
    this.#opening = undefined;
    this.#calls.rejectAll(error);
    this.#outbox.clear();
    // A worker that is gone has nothing open.
    this.#closing?.settle.resolve();
    this.#sink?.lost(error);
    this.#listener?.changed();
  }
}
