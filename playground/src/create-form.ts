/** The form that creates a table: a key and, if wanted, one global secondary index. */
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  type KeySchemaElement,
  type ScalarAttributeType,
} from "@aws-sdk/client-dynamodb";
import { byId, chosen, field, fillSelect, inputValue } from "./elements.ts";
import { watchExchange } from "./exchange.ts";
import { showAnswer, showFailure, showWaiting } from "./result-view.ts";
import type { Session } from "./session.ts";
import { KEY_TYPES } from "./table-keys.ts";

const form = byId("create-form", HTMLFormElement);

/** A key as the two rows of the form give it; the sort key is left out where its name is empty. */
function readKey(partition: string, sort: string): { schema: KeySchemaElement[]; attributes: AttributeDefinition[] } {
  const parts = [
    { name: inputValue(form, partition), type: chosen(form, `${partition}Type`), role: "HASH" as const },
    { name: inputValue(form, sort), type: chosen(form, `${sort}Type`), role: "RANGE" as const },
  ].filter(({ name, role }) => role === "HASH" || name !== "");
  return {
    schema: parts.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    attributes: parts.map(({ name, type }) => ({ AttributeName: name, AttributeType: type as ScalarAttributeType })),
  };
}

/** Each attribute once, as the service wants; the same name with two types stays, so that the service says what is wrong with it. */
function distinct(attributes: readonly AttributeDefinition[]): AttributeDefinition[] {
  return [...new Map(attributes.map((each) => [`${each.AttributeType}:${each.AttributeName}`, each])).values()];
}

function readRequest(): CreateTableCommandInput {
  const key = readKey("partition", "sort");
  const request: CreateTableCommandInput = {
    TableName: inputValue(form, "table"),
    KeySchema: key.schema,
    AttributeDefinitions: key.attributes,
    BillingMode: "PAY_PER_REQUEST",
  };
  if (["index", "indexPartition", "indexSort"].every((name) => inputValue(form, name) === "")) return request;
  const indexKey = readKey("indexPartition", "indexSort");
  return {
    ...request,
    AttributeDefinitions: distinct([...key.attributes, ...indexKey.attributes]),
    GlobalSecondaryIndexes: [{ IndexName: inputValue(form, "index"), KeySchema: indexKey.schema, Projection: { ProjectionType: "ALL" } }],
  };
}

/** Brings the form to life; `created` is told the new table's name. */
export function setUpCreateForm({ client }: Session, created: (tableName: string) => Promise<void>): void {
  for (const name of ["partitionType", "sortType", "indexPartitionType", "indexSortType"]) {
    fillSelect(field(form, name, HTMLSelectElement), KEY_TYPES);
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showWaiting();
    const request = readRequest();
    const command = new CreateTableCommand(request);
    const exchange = watchExchange(command);
    try {
      await client.send(command);
      form.reset();
      await created(request.TableName ?? "");
      showAnswer(`Created ${request.TableName}`, exchange);
    } catch (error) {
      showFailure("Creating the table", error, exchange);
    }
  });
}
