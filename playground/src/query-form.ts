/** The form that queries a table or an index by a key condition, page by page. */
import { type AttributeValue, QueryCommand, type QueryCommandInput, type TableDescription } from "@aws-sdk/client-dynamodb";
import { byId, chosen, field, fillSelect, inputValue } from "./elements.ts";
import { type Exchange, watchExchange } from "./exchange.ts";
import { showAnswer, showFailure, showWaiting } from "./result-view.ts";
import type { Session } from "./session.ts";
import { attributeText, type KeyAttribute, keyValue, type QueryableKey, queryableKeys } from "./table-keys.ts";

/** The conditions a sort key can have: what is shown, the expression, and how many values it takes. */
const CONDITIONS = {
  any: { text: "any", expression: "", values: 0 },
  equal: { text: "=", expression: "#sort = :value", values: 1 },
  less: { text: "<", expression: "#sort < :value", values: 1 },
  lessOrEqual: { text: "<=", expression: "#sort <= :value", values: 1 },
  greater: { text: ">", expression: "#sort > :value", values: 1 },
  greaterOrEqual: { text: ">=", expression: "#sort >= :value", values: 1 },
  beginsWith: { text: "begins with", expression: "begins_with(#sort, :value)", values: 1 },
  between: { text: "between", expression: "#sort BETWEEN :value AND :upper", values: 2 },
} as const;

const form = byId("query-form", HTMLFormElement);
const nextButton = byId("next-page", HTMLButtonElement);
const indexField = field(form, "index", HTMLSelectElement);
const conditionField = field(form, "condition", HTMLSelectElement);

let table: TableDescription = {};
let keys: QueryableKey[] = [];
/** The request for the page after the one that is shown. */
let nextPage: QueryCommandInput | undefined;

function condition() {
  return CONDITIONS[conditionField.value as keyof typeof CONDITIONS] ?? CONDITIONS.any;
}

/** The key that is chosen; its place in the list is the choice's value, since an index may have any name. */
function chosenKey(): QueryableKey | undefined {
  return keys[Number(indexField.value)];
}

function showFields(): void {
  const key = chosenKey();
  if (!key) return;
  byId("query-partition-label", HTMLElement).textContent = `Partition key: ${attributeText(key.partition)}`;
  byId("query-sort-fields", HTMLFieldSetElement).hidden = key.sort === undefined;
  if (key.sort) byId("query-sort-label", HTMLElement).textContent = `Sort key: ${attributeText(key.sort)}`;
  byId("query-value-field", HTMLElement).hidden = condition().values < 1;
  byId("query-upper-field", HTMLElement).hidden = condition().values < 2;
  forgetPage();
}

function forgetPage(): void {
  nextPage = undefined;
  nextButton.hidden = true;
}

function sortCondition(sort: KeyAttribute): Pick<Required<QueryCommandInput>, "ExpressionAttributeNames"> & {
  expression: string;
  values: Record<string, AttributeValue>;
} {
  const { expression, values } = condition();
  const names = ["value", "upper"].slice(0, values);
  return {
    expression,
    ExpressionAttributeNames: { "#sort": sort.name },
    values: Object.fromEntries(names.map((name) => [`:${name}`, keyValue(sort, inputValue(form, name))])),
  };
}

function readRequest({ index, partition, sort }: QueryableKey): QueryCommandInput {
  const limit = inputValue(form, "limit");
  const request: QueryCommandInput = {
    TableName: table.TableName,
    ...(index === undefined ? {} : { IndexName: index }),
    KeyConditionExpression: "#partition = :partition",
    ExpressionAttributeNames: { "#partition": partition.name },
    ExpressionAttributeValues: { ":partition": keyValue(partition, inputValue(form, "partition")) },
    ScanIndexForward: chosen(form, "order") === "forward",
    ...(limit === "" ? {} : { Limit: Number(limit) }),
  };
  if (!sort || condition().values === 0) return request;
  const { expression, ExpressionAttributeNames, values } = sortCondition(sort);
  return {
    ...request,
    KeyConditionExpression: `${request.KeyConditionExpression} AND ${expression}`,
    ExpressionAttributeNames: { ...request.ExpressionAttributeNames, ...ExpressionAttributeNames },
    ExpressionAttributeValues: { ...request.ExpressionAttributeValues, ...values },
  };
}

async function run({ client }: Session, read: () => QueryCommandInput): Promise<void> {
  let exchange: Exchange = {};
  forgetPage();
  showWaiting();
  try {
    const request = read();
    const command = new QueryCommand(request);
    exchange = watchExchange(command);
    const { Count = 0, LastEvaluatedKey } = await client.send(command);
    if (LastEvaluatedKey) nextPage = { ...request, ExclusiveStartKey: LastEvaluatedKey };
    nextButton.hidden = nextPage === undefined;
    const items = Count === 1 ? "1 item" : `${Count} items`;
    showAnswer(`Found ${items}${nextPage ? ", and there may be more," : ""}`, exchange);
  } catch (error) {
    showFailure("The query", error, exchange);
  }
}

/** Fits the form to the table it queries. */
export function fitQueryForm(described: TableDescription): void {
  if (described.TableName !== table.TableName) {
    form.reset();
    keys = queryableKeys(described);
    fillSelect(
      indexField,
      keys.map(({ index }, at) => [String(at), index ?? `${described.TableName} (the table)`] as const),
    );
  }
  table = described;
  showFields();
}

/** Brings the form to life. */
export function setUpQueryForm(session: Session): void {
  fillSelect(
    conditionField,
    Object.entries(CONDITIONS).map(([name, { text }]) => [name, text] as const),
  );
  indexField.addEventListener("change", showFields);
  conditionField.addEventListener("change", showFields);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = chosenKey();
    if (key) void run(session, () => readRequest(key));
  });
  nextButton.addEventListener("click", () => {
    const request = nextPage;
    if (request) void run(session, () => request);
  });
}
