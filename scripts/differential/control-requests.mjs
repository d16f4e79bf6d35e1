/** Requests that change what tables are: UpdateTable, time to live, tags. They are about the tables of the table requests. */
import { globalIndex, named, throughput } from "./table-requests.mjs";

const ATTRIBUTES = ["expires", "ttl", "pk"];
const ARN = "arn:aws:dynamodb:eu-west-2:000000000000:table/";

/** An element of GlobalSecondaryIndexUpdates, and the definitions it needs. */
function indexUpdate(random, faults, definitions) {
  const use = (name) => {
    definitions.set(name, random.chance(80) ? "S" : "N");
    return name;
  };
  const position = random.between(0, 2);
  const create = () => {
    const index = globalIndex(random, faults * 0.5, position, use);
    if (random.chance(faults * 0.3)) index.ProvisionedThroughput = throughput(random, 0);
    return { Create: index };
  };
  const IndexName = `ix-${random.chance(faults) ? 9 : position}`;
  return random.weighted([
    [5, create],
    [4, () => ({ Delete: { IndexName } })],
    [2, () => ({ Update: { IndexName, ProvisionedThroughput: throughput(random, 0) } })],
    [1, () => ({ Update: { IndexName, OnDemandThroughput: { MaxReadRequestUnits: random.between(1, 9) } } })],
    [faults / 30, () => ({})],
    [faults / 30, () => ({ ...create(), Delete: { IndexName } })],
  ])();
}

const streams = [
  { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
  { StreamEnabled: false },
];
const wrongStreams = [
  { StreamEnabled: true },
  { StreamEnabled: false, StreamViewType: "KEYS_ONLY" },
  { StreamEnabled: true, StreamViewType: "X" },
];

/** Changes of a table, each of which may stand alone. */
const changes = [
  [
    6,
    (random, faults, request) => {
      const definitions = new Map();
      const count = random.chance(faults * 0.3) ? random.pick([0, 2]) : 1;
      request.GlobalSecondaryIndexUpdates = Array.from({ length: count }, () => indexUpdate(random, faults, definitions));
      if (definitions.size > 0 && random.chance(100 - faults * 0.4))
        request.AttributeDefinitions = [...definitions].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
    },
  ],
  [3, (random, faults, request) => (request.StreamSpecification = random.pick(random.chance(faults) ? wrongStreams : streams))],
  [
    3,
    (random, faults, request) => {
      request.BillingMode = random.chance(faults * 0.3) ? "BOGUS" : random.pick(["PROVISIONED", "PAY_PER_REQUEST"]);
      if ((request.BillingMode === "PROVISIONED") !== random.chance(faults * 0.4))
        request.ProvisionedThroughput = throughput(random, faults * 0.3);
    },
  ],
  [2, (random, faults, request) => (request.ProvisionedThroughput = throughput(random, faults * 0.3))],
  [1, (random, _faults, request) => (request.DeletionProtectionEnabled = random.chance(30))],
  [1, (random, faults, request) => (request.TableClass = random.chance(faults) ? "GOLD" : "STANDARD_INFREQUENT_ACCESS")],
  [
    1,
    (random, faults, request) => (request.OnDemandThroughput = { MaxReadRequestUnits: random.chance(faults) ? 0 : random.between(1, 9) }),
  ],
  [1, (random, _faults, request) => (request.WarmThroughput = { ReadUnitsPerSecond: random.pick([13_000, 1]) })],
];

function UpdateTable(random, faults) {
  const request = named(random, faults * 0.5);
  const count = random.chance(faults * 0.4) ? random.pick([0, 2]) : 1;
  for (let made = 0; made < count; made += 1) random.weighted(changes)(random, faults, request);
  return request;
}

function UpdateTimeToLive(random, faults) {
  const request = named(random, faults * 0.5);
  request.TimeToLiveSpecification = {
    Enabled: random.chance(60),
    AttributeName: random.chance(faults * 0.5) ? random.pick(["", "x".repeat(255), "x".repeat(256)]) : random.pick(ATTRIBUTES),
  };
  return request;
}

/** The ARN of a table, or something that is none. */
function resource(random, faults) {
  if (random.chance(faults * 0.5)) return { ResourceArn: random.pick(["", "foo", "arn:aws:s3:::bucket", `${ARN}no-such-table`]) };
  return { ResourceArn: `${ARN}${named(random, 0).TableName}` };
}

const tagKey = (random, faults) =>
  random.chance(faults * 0.3) ? random.pick(["", "k".repeat(129), "aws:a"]) : `key-${random.between(1, 6)}`;

function TagResource(random, faults) {
  const count = random.chance(faults * 0.2) ? random.pick([0, 51]) : random.between(1, 3);
  const seen = new Set();
  const Tags = Array.from({ length: count }, (_, at) => ({
    Key: count > 50 ? `many-${at}` : tagKey(random, faults),
    Value: random.chance(faults * 0.2) ? "v".repeat(257) : random.pick(["", "a", "b c"]),
  }));
  return { ...resource(random, faults), Tags: Tags.filter(({ Key }) => random.chance(faults) || (!seen.has(Key) && seen.add(Key))) };
}

const UntagResource = (random, faults) => ({
  ...resource(random, faults),
  TagKeys: random.chance(faults * 0.2) ? [] : Array.from({ length: random.between(1, 2) }, () => tagKey(random, 0)),
});

/** The makers with their weights in a run. */
export const controlOperations = [
  [10, { operation: "UpdateTable", make: UpdateTable }],
  [4, { operation: "UpdateTimeToLive", make: UpdateTimeToLive }],
  [2, { operation: "DescribeTimeToLive", make: named }],
  [3, { operation: "TagResource", make: TagResource }],
  [2, { operation: "UntagResource", make: UntagResource }],
  [3, { operation: "ListTagsOfResource", make: resource }],
];
