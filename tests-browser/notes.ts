/** The table most tests of whole databases work on, and what a page says that has opened one in the private file system. */

export const TableName = "Notes";

/** What `CreateTable` is told. */
export const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "Id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "Id", KeyType: "HASH" }],
};

export const opfs = { value: { persistence: "opfs" } };
