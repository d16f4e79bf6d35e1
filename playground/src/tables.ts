/**
 * The list of tables and the one that is looked at. Which one that is stands in the address (`#table=Music`), so that it survives a reload
 * and goes back and forth with the browser's own buttons.
 */
import {
  DeleteTableCommand,
  DescribeTableCommand,
  paginateListTables,
  ResourceNotFoundException,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { byId, textElement } from "./elements.ts";
import { watchExchange } from "./exchange.ts";
import { showAnswer, showFailure, showWaiting } from "./result-view.ts";
import type { Session } from "./session.ts";
import { attributeText, type QueryableKey, queryableKeys } from "./table-keys.ts";

const list = byId("tables", HTMLUListElement);
const noTables = byId("no-tables", HTMLElement);
const createDetails = byId("create-details", HTMLDetailsElement);
const tableSection = byId("table", HTMLElement);
const itemForms = byId("item-forms", HTMLElement);
const heading = byId("table-heading", HTMLElement);
const facts = byId("table-facts", HTMLElement);

function addressOf(tableName: string): string {
  return `#${new URLSearchParams({ table: tableName })}`;
}

function tableInAddress(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("table") ?? undefined;
}

function keyText({ partition, sort }: QueryableKey): string {
  return sort ? `${attributeText(partition)}, ${attributeText(sort)}` : attributeText(partition);
}

function showFacts(table: TableDescription): void {
  const rows = queryableKeys(table).map((key) => [key.index === undefined ? "Key" : `Index ${key.index}`, keyText(key)] as const);
  const size = `${table.ItemCount ?? 0} (${table.TableSizeBytes ?? 0} bytes)`;
  facts.replaceChildren(
    ...[...rows, ["Items", size] as const].map(([name, text]) => {
      const row = document.createElement("div");
      row.append(textElement("dt", name), textElement("dd", text));
      return row;
    }),
  );
}

/** The part of the page that lists tables and shows one. */
export class Tables {
  readonly #session: Session;
  readonly #looked: (table: TableDescription) => void;
  #current: TableDescription | undefined;

  /** `looked` is told the description of the table that is looked at, whenever it is read. */
  constructor(session: Session, looked: (table: TableDescription) => void) {
    this.#session = session;
    this.#looked = looked;
    addEventListener("hashchange", () => void this.refresh());
    byId("delete-table", HTMLButtonElement).addEventListener("click", () => void this.#delete());
  }

  /** The table that is looked at. */
  get current(): TableDescription | undefined {
    return this.#current;
  }

  /** Looks at a table, which is listed from now on. */
  async show(tableName: string): Promise<void> {
    history.pushState(null, "", addressOf(tableName));
    await this.refresh();
  }

  /** Reads the list, and the table that the address names or else the first, anew. */
  async refresh(): Promise<void> {
    try {
      const names = await this.#names();
      const wanted = tableInAddress();
      const name = wanted !== undefined && names.includes(wanted) ? wanted : names[0];
      this.#current = name === undefined ? undefined : await this.#describe(name);
      this.#showList(names);
      this.#showCurrent();
    } catch (error) {
      showFailure("Reading the tables", error);
    }
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of paginateListTables({ client: this.#session.client }, {})) names.push(...(page.TableNames ?? []));
    return names;
  }

  async #describe(tableName: string): Promise<TableDescription | undefined> {
    try {
      return (await this.#session.client.send(new DescribeTableCommand({ TableName: tableName }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  #showList(names: readonly string[]): void {
    noTables.hidden = names.length > 0;
    if (names.length === 0) createDetails.open = true;
    list.replaceChildren(
      ...names.map((name) => {
        const link = textElement("a", name);
        link.href = addressOf(name);
        if (name === this.#current?.TableName) link.setAttribute("aria-current", "true");
        const entry = document.createElement("li");
        entry.append(link);
        return entry;
      }),
    );
  }

  #showCurrent(): void {
    const table = this.#current;
    tableSection.hidden = table === undefined;
    itemForms.hidden = table === undefined;
    if (!table) return;
    heading.textContent = table.TableName ?? "";
    showFacts(table);
    this.#looked(table);
  }

  async #delete(): Promise<void> {
    const name = this.#current?.TableName;
    if (name === undefined || !confirm(`Delete the table ${name} and everything in it?`)) return;
    showWaiting();
    const command = new DeleteTableCommand({ TableName: name });
    const exchange = watchExchange(command);
    try {
      await this.#session.client.send(command);
      await this.refresh();
      showAnswer(`Deleted ${name}`, exchange);
    } catch (error) {
      showFailure("Deleting the table", error, exchange);
    }
  }
}
