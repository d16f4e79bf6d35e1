/** What a table's items view holds: the builder, the pages read so far, the selection. It outlives the view, so that going elsewhere loses nothing. */

import { computed, type Signal, signal } from "@preact/signals";
import type { App } from "../app/app.ts";
import { type Exchange, ServiceError } from "../database/exchange.ts";
import { primaryKey, type ReadTarget, readTargets, type TableDescription } from "../tables/description.ts";
import { attribute, type Item, sameItem } from "../values/attribute-value.ts";
import { replaced, without } from "../values/lists.ts";
import type { ColumnLayout } from "./columns.ts";
import { keepLayout, keptLayout } from "./kept-columns.ts";
import { type ReadInput, type ReadRequest, readInput, scanAll } from "./read-request.ts";
import { type PageSort, pageOrder } from "./sort-items.ts";

/** One run of a request: its pages, and the request itself. */
export interface ReadRun {
  request: ReadRequest;
  input: ReadInput;
  pages: readonly Exchange[];
}

/** Counting reads everything but returns no items, so that pages are read on at once. */
const PAGES_AT_ONCE = 200;

export class ItemsModel {
  readonly request = signal<ReadRequest>(scanAll());
  readonly run = signal<ReadRun | undefined>(undefined);
  readonly items = signal<readonly Item[]>([]);
  readonly busy = signal(false);
  readonly failure = signal<Error | undefined>(undefined);
  readonly selected = signal<ReadonlySet<number>>(new Set());
  /** Whether a page is left to be read. */
  readonly hasMore = computed(() => this.run.value?.pages.at(-1)?.answer.LastEvaluatedKey !== undefined);
  /** An order of the page's own, of the items that are loaded. */
  readonly pageSort = signal<PageSort | undefined>(undefined);
  /** The places of the items in that order. */
  readonly places = computed(() => {
    const sort = this.pageSort.value;
    return sort && pageOrder(this.items.value, sort);
  });
  /** What the user has made of the columns. */
  readonly layout: Signal<ColumnLayout>;
  readonly #name: string;
  /** Grows when a read is begun, so that the pages of an older one are thrown away. */
  #reads = 0;

  constructor(
    readonly app: App,
    public table: TableDescription,
  ) {
    this.#name = `${app.databaseName}/${table.TableName}`;
    this.layout = signal(keptLayout(this.#name));
  }

  get targets(): ReadTarget[] {
    return readTargets(this.table);
  }

  /** The table or index the builder reads. */
  get target(): ReadTarget {
    return this.#targetOf(this.request.value.index);
  }

  #targetOf(index: string | undefined): ReadTarget {
    return this.targets.find((each) => each.index === index) ?? this.targets[0]!;
  }

  /** The key of an item. */
  keyOf(item: Item): Item {
    return Object.fromEntries(primaryKey(this.table).map(({ name }) => [name, attribute(item, name)!]));
  }

  /** Changes the builder. */
  edit(change: Partial<ReadRequest>): void {
    this.request.value = { ...this.request.peek(), ...change };
  }

  /** Reads by another key: the fields of the old one mean nothing there. */
  choose(index: string | undefined): void {
    const target = this.#targetOf(index);
    this.edit({
      index: target.index,
      partition: target.partition.map(() => ""),
      sort: target.sort.map(() => ({ operator: "any", values: ["", ""] })),
      ...(target.kind === "GSI" ? { consistent: false } : {}),
    });
  }

  /** Changes the columns, for as long as the table is looked at in this browser. */
  arrange(change: (layout: ColumnLayout) => ColumnLayout): void {
    this.layout.value = change(this.layout.peek());
    keepLayout(this.#name, this.layout.value);
  }

  /** The order of the rows: the page's, or the one DynamoDB gave them in a Query. */
  get order(): { name: string; forward: boolean } | undefined {
    if (this.pageSort.value) return this.pageSort.value;
    const request = this.run.value?.request;
    const name = request?.operation === "Query" ? this.#targetOf(request.index).sort[0]?.name : undefined;
    return name === undefined ? undefined : { name, forward: request!.forward };
  }

  /**
   * Puts the rows in the order of an attribute. Where it is the sort key that a Query has read by, the Query is run the other way; any other
   * attribute sorts what is loaded, upwards, downwards, and then as it was read.
   */
  sortBy(name: string): void {
    const sort = this.pageSort.peek();
    const request = this.run.peek()?.request;
    if (request?.operation === "Query" && this.#targetOf(request.index).sort[0]?.name === name) {
      this.pageSort.value = undefined;
      if (sort) return;
      this.edit({ forward: !request.forward });
      void this.start();
    } else if (sort?.name !== name) this.pageSort.value = { name, forward: true };
    else this.pageSort.value = sort.forward ? { name, forward: false } : undefined;
  }

  /** Runs what the builder says from the first page. */
  async start(): Promise<void> {
    this.failure.value = undefined;
    try {
      const request = this.request.peek();
      const input = readInput(this.table.TableName, request, this.target);
      this.run.value = { request, input, pages: [] };
      this.items.value = [];
      this.selected.value = new Set();
      await this.#read(1);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Reads one page more. */
  async more(): Promise<void> {
    if (!this.busy.peek() && this.hasMore.peek()) await this.#read(1).catch((error) => this.#fail(error));
  }

  /** Reads all pages that are left. */
  async all(): Promise<void> {
    while (this.hasMore.peek() && this.failure.peek() === undefined && !this.busy.peek()) {
      await this.#read(PAGES_AT_ONCE).catch((error) => this.#fail(error));
    }
  }

  /** Puts an item into the place of the one with its key, or takes one away, without reading everything again. */
  replace(before: Item, after: Item | undefined): void {
    const key = this.keyOf(before);
    const items = this.items.peek();
    const at = items.findIndex((each) => sameItem(this.keyOf(each), key));
    if (at < 0) return;
    this.items.value = after === undefined ? without(items, at) : replaced(items, at, after);
    if (after === undefined) this.selected.value = new Set();
  }

  /** Forgets items that were deleted. */
  removeSelected(): void {
    const gone = this.selected.peek();
    this.items.value = this.items.peek().filter((_, at) => !gone.has(at));
    this.selected.value = new Set();
  }

  async #read(most: number): Promise<void> {
    const read = ++this.#reads;
    this.busy.value = true;
    try {
      for (let page = 0; page < most; page += 1) {
        const run = this.run.peek()!;
        const from = run.pages.at(-1)?.answer.LastEvaluatedKey;
        const exchange = await this.app.run(run.request.operation, {
          ...run.input,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        if (read !== this.#reads) return;
        const { Items, ...rest } = exchange.answer;
        // The items are kept once, in `items`; a page keeps what was said about them.
        this.run.value = { ...run, pages: [...run.pages, { ...exchange, answer: rest }] };
        this.items.value = this.items.peek().concat(Items ?? []);
        if (rest.LastEvaluatedKey === undefined) return;
      }
    } finally {
      if (read === this.#reads) this.busy.value = false;
    }
  }

  #fail(error: unknown): void {
    this.busy.value = false;
    this.failure.value = error instanceof Error ? error : new Error(String(error));
    if (error instanceof ServiceError) {
      const run = this.run.peek();
      if (run) this.run.value = { ...run, pages: [...run.pages, error.exchange] };
    }
  }
}

/** The models of the tables seen so far, by database and table. */
const models = new WeakMap<App, Map<string, ItemsModel>>();

/** The model of a table, made when it is first asked for. */
export function itemsModel(app: App, table: TableDescription): ItemsModel {
  const known = models.get(app) ?? new Map<string, ItemsModel>();
  models.set(app, known);
  const name = `${app.databaseName}/${table.TableName}/${table.CreationDateTime ?? ""}`;
  const model = known.get(name) ?? new ItemsModel(app, table);
  model.table = table;
  known.set(name, model);
  return model;
}
