/** A tab in the simulated world: a page with the package's own transport, and its workers with the package's own code in them. */
import { Database } from "../../src/database.ts";
import type { FromBroker, FromWorker, TabMessage, ToBroker, ToWorker } from "../../src/protocol.ts";
import { Broker } from "../../src/tabs/broker.ts";
import type { WorkerLike } from "../../src/tabs/own-worker.ts";
import type { TabChannel, TabPlatform } from "../../src/tabs/platform.ts";
import { type OpenWish, TabTransport } from "../../src/tabs/tab-transport.ts";
import { type Release, TabWorker } from "../../src/tabs/tab-worker.ts";
import { Disk, DiskHost } from "./disk.ts";
import { Thread, type World } from "./world.ts";

const DATABASE = "database";
const clientLock = (client: string) => `client:${client}`;
const GUEST = "guest";

/** A message as it arrives: its buffers are the receiver's own. */
function received<Message extends object>(message: Message): Message {
  const copy = { ...message } as Message & { packed?: ArrayBuffer; message?: object };
  if (copy.packed) copy.packed = copy.packed.slice(0);
  if (copy.message) copy.message = received(copy.message);
  return copy;
}

/** One end of a channel. */
class Port {
  peer: Port | undefined;
  #hear: ((event: MessageEvent) => void) | null = null;
  #early: unknown[] = [];
  #closed = false;

  constructor(public owner: Thread) {}

  set onmessage(hear: ((event: MessageEvent) => void) | null) {
    this.#hear = hear;
    if (hear) for (const data of this.#early.splice(0)) hear({ data } as MessageEvent);
  }

  postMessage(message: object): void {
    const { peer } = this;
    if (!peer) return;
    const data = received(message);
    this.owner.world.send(this.owner, peer.owner, () => peer.#arrive(data));
  }

  #arrive(data: unknown): void {
    if (this.#closed) return;
    if (this.#hear) this.#hear({ data } as MessageEvent);
    else this.#early.push(data);
  }

  close(): void {
    this.#closed = true;
  }
}

function channelBetween(one: Thread, other: Thread): [Port, Port] {
  const ports: [Port, Port] = [new Port(one), new Port(other)];
  ports[0].peer = ports[1];
  ports[1].peer = ports[0];
  return ports;
}

/** What all tabs share. */
export class Site {
  readonly disk = new Disk();
  readonly members = new Set<{ thread: Thread; hear: (message: TabMessage) => void }>();
  #broker: { thread: Thread; broker: Broker } | undefined;
  brokers = 0;
  /** Whether there is a broker at all. */
  readonly brokered: boolean;

  constructor(readonly world: World) {
    this.brokered = world.chance(0.8);
  }

  /** The broker that lives, or a new one. */
  broker(): { thread: Thread; broker: Broker } {
    if (!this.#broker?.thread.alive)
      this.#broker = { thread: new Thread(this.world, `broker ${(this.brokers += 1)}`), broker: new Broker() };
    return this.#broker;
  }

  endBroker(): void {
    this.#broker?.thread.die();
  }

  join(thread: Thread, hear: (message: TabMessage) => void): TabChannel {
    const member = { thread, hear };
    this.members.add(member);
    return {
      post: (message) => {
        for (const other of this.members) {
          if (other !== member) this.world.send(thread, other.thread, () => this.members.has(other) && other.hear(received(message)));
        }
      },
      close: () => this.members.delete(member),
    };
  }

  hold(thread: Thread, name: string): Promise<Release> {
    return new Promise((resolve) => {
      this.world.locks.request(name, { thread, shared: false, granted: resolve });
    });
  }
}

let workers = 0;
let clients = 0;

/** A worker, as its page sees it, and what runs in it. */
class SimulatedWorker extends EventTarget implements WorkerLike {
  readonly thread: Thread;
  readonly #page: Thread;
  readonly #worker: TabWorker;

  constructor(site: Site, page: Thread) {
    super();
    const { world } = site;
    const thread = new Thread(world, `worker ${(workers += 1)}`, page);
    this.thread = thread;
    this.#page = page;
    this.#worker = new TabWorker({
      say: (message) => this.#say(message),
      end: () => thread.die(),
      hold: (lock) => site.hold(thread, lock),
      lockOf: () => DATABASE,
      takeAlone: () => Promise.reject(new Error("it is shared")),
      join: (_name, hear) => site.join(thread, hear),
      async open(_message, take) {
        const release = await take(true);
        await new Promise<void>((resolve) => {
          world.later(world.delay(100), thread, resolve);
        });
        const host = new DiskHost(site.disk, thread);
        const close = async () => {
          await host.close();
          release();
        };
        return { host, opened: { persistence: "opfs" }, answer: async () => undefined, close };
      },
      hasOtherClients: async ({ client }) =>
        world.locks.names().some((name) => name.startsWith(clientLock("")) && name !== clientLock(client)),
    });
  }

  postMessage(message: ToWorker): void {
    const given = received(message);
    if (given.type === "broker") (given.port as unknown as Port).owner = this.thread;
    this.thread.world.send(this.#page, this.thread, () => this.#worker.hear(given));
  }

  #say(message: FromWorker): void {
    const said = received(message);
    this.thread.world.send(this.thread, this.#page, () => this.dispatchEvent(Object.assign(new Event("message"), { data: said })));
  }

  terminate(): void {
    this.thread.die();
  }
}

/** One open page; or a guest, which can start no worker. */
export class SimulatedTab {
  readonly thread: Thread;
  readonly site: Site;
  transport: TabTransport | undefined;
  db: Database | undefined;
  worker: SimulatedWorker | undefined;

  constructor(
    site: Site,
    name: string,
    readonly guest = false,
  ) {
    this.site = site;
    this.thread = new Thread(site.world, name);
  }

  async open(patience: number): Promise<void> {
    const client = `${this.guest ? GUEST : ""}${(clients += 1)}`;
    const wish = { name: "x", client, persistence: "auto", durability: "strict", multiTab: undefined } as OpenWish;
    this.transport = await TabTransport.open(this.#platform(client), wish, patience);
    this.db = new Database("x", this.transport);
  }

  #platform(client: string): TabPlatform {
    const { site, thread } = this;
    const { world } = site;
    const startWorker = async () => {
      this.worker = new SimulatedWorker(site, thread);
      return { worker: this.worker, id: `life:${this.worker.thread.name}` };
    };
    const leads = (lock: string) => lock === DATABASE || (lock.startsWith(clientLock("")) && !lock.startsWith(clientLock(GUEST)));
    return {
      startWorker: this.guest ? undefined : startWorker,
      join: (hear) => {
        const channel = site.join(thread, hear);
        const living = site.hold(thread, clientLock(client));
        const close = () => {
          channel.close();
          void living.then((release) => release());
        };
        return { ...channel, close };
      },
      connect: (leader) => (site.brokered ? (this.#connect(leader) as unknown as MessagePort) : undefined),
      brokerPort: () => (site.brokered ? (this.#brokerPort() as unknown as MessagePort) : undefined),
      watchLife: (lock, signal, ended) => {
        const granted = (release: Release) => {
          release();
          if (!signal.aborted) ended();
        };
        world.locks.request(lock, { thread, shared: true, granted }, signal);
      },
      isHeldAlone: async () => false,
      mayBeLed: async () => [...world.locks.names(), ...world.locks.awaited()].some(leads),
      now: () => world.now,
      later: (run, ms) => world.later(ms, thread, run),
    };
  }

  #connect(leader: string): Port {
    const { thread, broker } = this.site.broker();
    const [own, other] = channelBetween(this.thread, thread);
    const asked = { type: "connect", leader, port: other as unknown as MessagePort } satisfies ToBroker;
    this.site.world.send(this.thread, thread, () => broker.hear({ postMessage: () => {} }, asked));
    return own;
  }

  #brokerPort(): Port {
    const { thread, broker } = this.site.broker();
    const [own, brokers] = channelBetween(this.thread, thread);
    const passOn = {
      postMessage(message: FromBroker) {
        // The port moves to whoever the message is for.
        (message.port as unknown as Port).owner = own.owner;
        brokers.postMessage(message);
      },
    };
    brokers.onmessage = ({ data }: MessageEvent<ToBroker>) => broker.hear(passOn, data);
    return own;
  }
}
