/** Requests of the table operations. They use tables of their own, so that those of the item operations stay as they are. */

const NAMES = ["made-1", "made-2", "made-3"];
/** A table that is made once and stays: nothing in a run takes its protection away. */
const PROTECTED = "made-protected";
/** What requests call a table that is not there. */
export const NO_TABLE = "no-such-table";
const TYPES = ["S", "N", "B"];

const element = (name, type) => ({ AttributeName: name, KeyType: type });

function projection(random, faults) {
  if (random.chance(faults * 0.5)) {
    return random.pick([
      {},
      { ProjectionType: "INCLUDE" },
      { ProjectionType: "ALL", NonKeyAttributes: ["a"] },
      { ProjectionType: "KEYS_ONLY", NonKeyAttributes: ["a"] },
      { ProjectionType: "INCLUDE", NonKeyAttributes: [] },
      { ProjectionType: "BOGUS" },
      { ProjectionType: "INCLUDE", NonKeyAttributes: ["a", "a"] },
      { ProjectionType: "INCLUDE", NonKeyAttributes: Array.from({ length: 21 }, (_, at) => `a${at}`) },
    ]);
  }
  return random.pick([
    { ProjectionType: "ALL" },
    { ProjectionType: "KEYS_ONLY" },
    { ProjectionType: "INCLUDE", NonKeyAttributes: ["a", "b"] },
  ]);
}

export const throughput = (random, faults) => ({
  ReadCapacityUnits: random.chance(faults) ? random.pick([0, -1, 1e13]) : random.between(1, 20),
  WriteCapacityUnits: random.chance(faults) ? random.pick([0, -1, 1e13]) : random.between(1, 20),
});

function indexName(random, faults, position) {
  return random.chance(faults * 0.4) ? random.pick(["ab", "", "a b", "x".repeat(256), "ix-1"]) : `ix-${position}`;
}

export function globalIndex(random, faults, position, use) {
  const KeySchema = [element(use(`g${position}`), "HASH")];
  if (random.chance(50)) KeySchema.push(element(use(`h${position}`), "RANGE"));
  if (random.chance(15)) KeySchema.splice(1, 0, element(use(`i${position}`), "HASH"));
  if (random.chance(faults * 0.4))
    random.pick([
      () => KeySchema.push(KeySchema[0]),
      () => KeySchema.reverse(),
      () => KeySchema.splice(0),
      () => KeySchema.push(...["a", "b", "c", "d", "e"].map((name) => element(name, "RANGE"))),
    ])();
  return { IndexName: indexName(random, faults, position), KeySchema, Projection: projection(random, faults) };
}

function localIndex(random, faults, position, use, hash) {
  const KeySchema = [element(random.chance(faults * 0.3) ? use("other") : hash, "HASH"), element(use(`l${position}`), "RANGE")];
  if (random.chance(faults * 0.4))
    random.pick([
      () => KeySchema.pop(),
      () => KeySchema.reverse(),
      () => KeySchema.push(KeySchema[1]),
      () => (KeySchema[1].AttributeName = hash),
    ])();
  return { IndexName: indexName(random, faults, position), KeySchema, Projection: projection(random, faults) };
}

function CreateTable(random, faults) {
  const types = new Map();
  const use = (name) => {
    if (!types.has(name)) types.set(name, random.pick(TYPES));
    return name;
  };
  const KeySchema = [element(use("pk"), "HASH")];
  if (random.chance(60)) KeySchema.push(element(use("sk"), "RANGE"));
  const request = { TableName: random.pick(NAMES), KeySchema };
  if (random.chance(40))
    request.GlobalSecondaryIndexes = Array.from(
      { length: random.chance(faults * 0.1) ? random.pick([0, 21]) : random.between(1, 3) },
      (_, at) => globalIndex(random, faults, at, use),
    );
  if (random.chance(KeySchema.length > 1 ? 30 : faults * 0.3))
    request.LocalSecondaryIndexes = Array.from(
      { length: random.chance(faults * 0.1) ? random.pick([0, 6]) : random.between(1, 2) },
      (_, at) => localIndex(random, faults, at + 10, use, "pk"),
    );
  if (random.chance(faults * 0.4))
    random.pick([
      () => KeySchema.reverse(),
      () => KeySchema.push(element("pk", "HASH")),
      () => KeySchema.push(element("third", "RANGE")),
      () => KeySchema.splice(0),
      () => (KeySchema[0].KeyType = "BOGUS"),
    ])();
  request.AttributeDefinitions = [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
  if (random.chance(faults * 0.4)) {
    const definitions = request.AttributeDefinitions;
    random.pick([
      () => definitions.pop(),
      () => definitions.push({ AttributeName: "unused", AttributeType: "S" }),
      () => definitions.push(definitions[0]),
      () => (definitions[0].AttributeType = "X"),
      () => definitions.splice(0),
    ])();
  }
  const provisioned = random.chance(40);
  if (random.chance(90)) request.BillingMode = random.chance(faults * 0.2) ? "BOGUS" : provisioned ? "PROVISIONED" : "PAY_PER_REQUEST";
  if (random.chance(faults * 0.3) ? !provisioned : provisioned) {
    request.ProvisionedThroughput = throughput(random, faults * 0.3);
    if (random.chance(100 - faults * 0.2))
      for (const index of request.GlobalSecondaryIndexes ?? []) index.ProvisionedThroughput = throughput(random, faults * 0.2);
  }
  if (random.chance(15))
    request.StreamSpecification = random.chance(faults * 0.5)
      ? random.pick([
          { StreamEnabled: true },
          { StreamEnabled: false, StreamViewType: "NEW_IMAGE" },
          { StreamEnabled: true, StreamViewType: "BOGUS" },
        ])
      : random.pick([{ StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" }, { StreamEnabled: false }]);
  if (random.chance(10)) request.DeletionProtectionEnabled = random.chance(20);
  if (request.DeletionProtectionEnabled) request.TableName = PROTECTED;
  if (random.chance(10)) request.TableClass = random.chance(faults) ? "BOGUS" : "STANDARD_INFREQUENT_ACCESS";
  return request;
}

export const named = (random, faults) => ({
  TableName: random.chance(faults * 0.5) ? random.pick(["", "ab", "a b!", "x".repeat(256), NO_TABLE]) : random.pick([...NAMES, PROTECTED]),
});

function ListTables(random, faults) {
  const request = {};
  if (random.chance(60)) request.Limit = random.chance(faults) ? random.pick([0, -1, 101]) : random.between(1, 12);
  if (random.chance(40))
    request.ExclusiveStartTableName = random.chance(faults)
      ? random.pick(["", "ab", "a b"])
      : random.pick([...NAMES, "hash-s", "m", "zzz"].filter((name) => name.length > 2));
  return request;
}

/** The makers with their weights in a run. */
export const tableOperations = [
  [6, { operation: "CreateTable", make: CreateTable }],
  [3, { operation: "DescribeTable", make: named }],
  [3, { operation: "DeleteTable", make: named }],
  [2, { operation: "ListTables", make: ListTables }],
];

/** The tables the requests may have made. */
export const madeTables = [...NAMES, PROTECTED];

/** A table of that name as there is one in the beginning, and again after two sides have made different ones. */
export const plainDefinition = (TableName) => ({
  TableName,
  AttributeDefinitions: ["pk", "g0"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  KeySchema: [element("pk", "HASH")],
  GlobalSecondaryIndexes: [{ IndexName: "ix-0", KeySchema: [element("g0", "HASH")], Projection: { ProjectionType: "ALL" } }],
  BillingMode: "PAY_PER_REQUEST",
});
