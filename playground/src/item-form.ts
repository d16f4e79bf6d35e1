/** The form that puts an item, written as plain JSON or as DynamoDB JSON. */
import { PutItemCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { parseItem, parseObject } from "./dynamodb-json.ts";
import { byId, field } from "./elements.ts";
import { type Exchange, watchExchange } from "./exchange.ts";
import { showAnswer, showFailure, showWaiting } from "./result-view.ts";
import type { Session } from "./session.ts";
import { queryableKeys } from "./table-keys.ts";

const form = byId("put-form", HTMLFormElement);
const formatField = field(form, "format", HTMLSelectElement);
const itemField = field(form, "item", HTMLTextAreaElement);

/** What is put into the empty field, so that it is left alone as soon as somebody has changed it. */
let template = "";

const PLAIN = { S: "text", N: 1, B: "Ynl0ZXM=" } as const;
const TYPED = { S: { S: "text" }, N: { N: "1" }, B: { B: "Ynl0ZXM=" } } as const;

/** An item with the keys of the table and its indexes, to be filled in. */
function templateFor(table: TableDescription): string {
  const values: Readonly<Record<string, unknown>> = formatField.value === "plain" ? PLAIN : TYPED;
  const attributes = queryableKeys(table).flatMap(({ partition, sort }) => (sort ? [partition, sort] : [partition]));
  return JSON.stringify(Object.fromEntries(attributes.map(({ name, type }) => [name, values[type]])), null, 2);
}

async function putItem({ client, documents }: Session, table: string, watching: (exchange: Exchange) => void): Promise<void> {
  // The AWS SDK's document client gives plain JSON its types; DynamoDB JSON has them.
  if (formatField.value === "plain") {
    const command = new PutCommand({ TableName: table, Item: parseObject(itemField.value) });
    watching(watchExchange(command));
    await documents.send(command);
  } else {
    const command = new PutItemCommand({ TableName: table, Item: parseItem(itemField.value) });
    watching(watchExchange(command));
    await client.send(command);
  }
}

/** Fits the form to the table it puts into. */
export function fitItemForm(table: TableDescription): void {
  const untouched = itemField.value === "" || itemField.value === template;
  template = templateFor(table);
  if (untouched) itemField.value = template;
}

/** Brings the form to life; `table` is the table that is looked at, `changed` is called when an item was put. */
export function setUpItemForm(session: Session, table: () => TableDescription | undefined, changed: () => Promise<void>): void {
  formatField.addEventListener("change", () => {
    const current = table();
    if (current) fitItemForm(current);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showWaiting();
    let exchange: Exchange = {};
    const name = table()?.TableName ?? "";
    try {
      await putItem(session, name, (watched) => {
        exchange = watched;
      });
      await changed();
      showAnswer(`Put an item into ${name}`, exchange);
    } catch (error) {
      showFailure("Putting the item", error, exchange);
    }
  });
}
