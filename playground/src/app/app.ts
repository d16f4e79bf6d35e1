/** The page's state: the open database, its tables, where the page is, what was asked, and what is said to the user. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { OpenOptions } from "dynatab";
import type { Endpoint } from "../database/endpoint.ts";
import { type Exchange, serviceErrorOf } from "../database/exchange.ts";
import { OpenDatabase } from "../database/open-database.ts";
import { noteOpened } from "../database/registry.ts";
import { TABLE_OPERATIONS } from "../requests/operations.ts";
import type { TableDescription } from "../tables/description.ts";
import { CommandRegistry } from "./commands.ts";
import { Dialogs } from "./dialogs.ts";
import { History } from "./history.ts";
import type { Route, Router, TableView } from "./route.ts";
import { Theme } from "./theme.ts";

/** A sentence for the user; errors stay until they are put away. */
export interface Notice {
  id: number;
  kind: "done" | "error" | "progress";
  title: string;
  text: string;
  /** How much of it is done, from 0 to 1, where that is known. */
  share?: number | undefined;
}

/** Something that takes time, as the user is told of it. */
export interface Tracked {
  tell(text: string, share?: number): void;
  end(): void;
}

/** The database, as far as it has come. */
export type DatabaseState =
  | { state: "closed"; name: string }
  | { state: "opening"; name: string }
  | { state: "open"; database: OpenDatabase }
  | { state: "failed"; name: string; error: Error };

/** The database a new visitor finds. */
const FIRST_DATABASE = "shop";

/** How long a good message stays. */
const NOTICE_MS = 4000;

/** What an embedding page may decide. */
export interface AppOptions {
  router: Router;
  /** The database to open first where the address names none; undefined for the one used last. */
  database: string | undefined;
  open: OpenOptions;
  /** What is shown instead of databases in the browser. */
  endpoint?: Endpoint | undefined;
}

export class App {
  readonly router: Router;
  readonly commands = new CommandRegistry();
  readonly dialogs = new Dialogs();
  readonly history = new History();
  readonly theme = new Theme();
  readonly database: Signal<DatabaseState>;
  readonly tables = signal<readonly TableDescription[]>([]);
  readonly notices = signal<readonly Notice[]>([]);
  readonly paletteOpen = signal(false);
  readonly route: ReadonlySignal<Route>;
  /** Grows with every write, so that a view may know that what it shows is old. */
  readonly writes = signal(0);
  /** The endpoint that is shown; undefined where databases in the browser are. */
  readonly endpoint: Endpoint | undefined;
  readonly #openOptions: OpenOptions;
  #nextNotice = 1;
  #opening: Promise<void> = Promise.resolve();

  constructor({ router, database, open, endpoint }: AppOptions) {
    this.router = router;
    this.endpoint = endpoint;
    this.#openOptions = open;
    this.database = signal({ state: "opening", name: endpoint?.name ?? router.place.peek().database ?? database ?? FIRST_DATABASE });
    this.route = computed(() => router.place.value.route);
  }

  /** The open database. Throws where there is none: views that need one are not shown then. */
  get open(): OpenDatabase {
    const state = this.database.peek();
    if (state.state !== "open") throw new Error("No database is open");
    return state.database;
  }

  /** The name of the database that is open or being opened. */
  get databaseName(): string {
    const state = this.database.value;
    return state.state === "open" ? state.database.name : state.name;
  }

  /** Closes the database that is open and opens this one. Errors become the state `failed`. */
  openDatabase(name: string, options: OpenOptions = {}): Promise<void> {
    this.#opening = this.#opening.then(() => this.#open(name, options));
    return this.#opening;
  }

  /** Closes the open database, because it is to be deleted, say. */
  closeDatabase(): Promise<void> {
    this.#opening = this.#opening.then(async () => {
      const state = this.database.peek();
      if (state.state !== "open") return;
      this.database.value = { state: "closed", name: state.database.name };
      this.tables.value = [];
      await state.database.close();
    });
    return this.#opening;
  }

  /** Closes the database, and leaves nothing open. */
  async close(): Promise<void> {
    await this.#opening;
    const state = this.database.peek();
    if (state.state === "open") await state.database.close();
    this.router.close();
  }

  /** Goes to a view of the open database. */
  go(route: Route, replace = false): void {
    this.router.go({ database: this.databaseName, route }, replace);
  }

  /** Goes to a view of a table. */
  goTable(table: string, part: TableView = "items"): void {
    this.go({ view: "table", table, part });
  }

  /** Asks the database, measured; what was asked is in the history. Errors of DynamoDB reject with `ServiceError`. */
  async run(operation: string, input: object): Promise<Exchange> {
    const database = this.open;
    const exchange = await database.run(operation, input);
    this.history.add(database.name, exchange);
    await this.noteRun(operation);
    if (exchange.status === 200) return exchange;
    throw serviceErrorOf(exchange);
  }

  /** Items were written without `run`. */
  noteWrite(): void {
    this.writes.value += 1;
  }

  /** What follows from an operation that ran: the list of tables may be another. */
  async noteRun(operation: string): Promise<void> {
    if (!/^(Get|Query|Scan|List|Describe)/.test(operation)) this.writes.value += 1;
    if (TABLE_OPERATIONS.has(operation)) await this.refreshTables();
  }

  /** Reads the tables' definitions and statistics. */
  async refreshTables(): Promise<void> {
    const database = this.open;
    const names: string[] = [];
    let from: string | undefined;
    do {
      const page = await database.ask("ListTables", from === undefined ? {} : { ExclusiveStartTableName: from });
      names.push(...(page.TableNames as string[]));
      from = page.LastEvaluatedTableName as string | undefined;
    } while (from !== undefined);
    const answers = await Promise.all(names.map((TableName) => database.ask("DescribeTable", { TableName })));
    if (this.database.peek().state !== "open" || this.open !== database) return;
    this.tables.value = answers.map(({ Table }) => Table as TableDescription);
  }

  /** A table's definition, if there is such a table. */
  table(name: string): TableDescription | undefined {
    return this.tables.value.find(({ TableName }) => TableName === name);
  }

  /** Tells the user that something is done. */
  say(title: string, text = ""): void {
    const notice = this.#notice("done", title, text);
    setTimeout(() => this.dismiss(notice.id), NOTICE_MS);
  }

  /** Tells the user what went wrong. */
  sayError(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    this.#notice("error", name, message);
  }

  /** Tells the user of something that takes time, until it ends. */
  track(title: string): Tracked {
    const { id } = this.#notice("progress", title, "");
    const tell = (text: string, share?: number) => {
      this.notices.value = this.notices.peek().map((each) => (each.id === id ? { ...each, text, share } : each));
    };
    return { tell, end: () => this.dismiss(id) };
  }

  dismiss(id: number): void {
    this.notices.value = this.notices.peek().filter((each) => each.id !== id);
  }

  /** Does something, and tells the user if it fails. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.sayError(error);
      return undefined;
    }
  }

  #notice(kind: Notice["kind"], title: string, text: string): Notice {
    const notice = { id: this.#nextNotice++, kind, title, text };
    this.notices.value = [...this.notices.peek(), notice];
    return notice;
  }

  async #open(name: string, options: OpenOptions): Promise<void> {
    const before = this.database.peek();
    this.database.value = { state: "opening", name };
    this.tables.value = [];
    try {
      if (before.state === "open") await before.database.close();
      const { endpoint } = this;
      const database = endpoint ? OpenDatabase.at(endpoint) : await OpenDatabase.open(name, { ...this.#openOptions, ...options });
      this.database.value = { state: "open", database };
      if (database.isKept) noteOpened(name);
      await this.refreshTables();
    } catch (error) {
      this.database.value = { state: "failed", name, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}
