/**
 * What counts as the same answer. Left out of the comparison is what may differ between two lawful servers: ids, times, the account
 * in an ARN, how far the making of a table has come, the order of members in JSON objects, of sets and of what DynamoDB returns unordered.
 */

const SETS = new Set(["SS", "NS", "BS"]);
const UNORDERED = new Set(["AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "NonKeyAttributes"]);
/** Made anew by each server, or a matter of how fast it works. */
const OWN = new Set([
  "TableId",
  "TableArn",
  "IndexArn",
  "LatestStreamArn",
  "LatestStreamLabel",
  "CreationDateTime",
  "TableStatus",
  "IndexStatus",
  "LastUpdateToPayPerRequestDateTime",
  "LastUpdateDateTime",
  "ItemCount",
  "TableSizeBytes",
  "IndexSizeBytes",
  "Backfilling",
  "StreamArn",
  "StreamLabel",
  "ShardId",
  "SequenceNumber",
  "StartingSequenceNumber",
  "EndingSequenceNumber",
  "CreationRequestDateTime",
  "ApproximateCreationDateTime",
  "eventID",
  "awsRegion",
  "LastEvaluatedStreamArn",
  "LastEvaluatedShardId",
]);
/** Texts of each server's own: only whether they are there is compared. */
const OPAQUE = new Set(["ShardIterator", "NextShardIterator"]);

const byText = (list) =>
  list
    .map((each) => [JSON.stringify(each), each])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, each]) => each);

/** The same JSON with members in alphabetical order. An item is told from a description by `items`. */
function ordered(value, name) {
  if (Array.isArray(value)) {
    const list = value.map((each) => ordered(each));
    return SETS.has(name) || UNORDERED.has(name) ? byText(list) : list;
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((each) => [each, ordered(value[each], each)]),
  );
}

function withoutOwn(description) {
  if (Array.isArray(description)) return description.map(withoutOwn);
  if (description === null || typeof description !== "object") return description;
  return Object.fromEntries(
    Object.entries(description)
      .filter(([name]) => !OWN.has(name))
      .map(([name, value]) => [name, OPAQUE.has(name) ? "…" : withoutOwn(value)]),
  );
}

/** True where a read's items come in no order that DynamoDB promises: scans, and an index's items of equal keys. */
export function isUnordered(operation, request) {
  return operation === "Scan" || (operation === "Query" && typeof request.IndexName === "string");
}

/** A successful answer as it is compared. */
function normalBody(operation, request, body) {
  if (/(Table|Streams?|ShardIterator|Records)$/.test(operation)) return ordered(withoutOwn(body));
  if (operation === "ListTagsOfResource") return ordered({ ...body, Tags: byText(body.Tags ?? []) });
  const made = ordered(body);
  if (operation === "BatchGetItem" && made.Responses)
    for (const table of Object.keys(made.Responses)) made.Responses[table] = byText(made.Responses[table]);
  if (isUnordered(operation, request) && made.Items) made.Items = byText(made.Items);
  if (/^(Batch|Transact)/.test(operation) && made.ConsumedCapacity) made.ConsumedCapacity = byText(made.ConsumedCapacity);
  if (/^(BatchWrite|TransactWrite)/.test(operation) && made.ItemCollectionMetrics) {
    for (const table of Object.keys(made.ItemCollectionMetrics))
      made.ItemCollectionMetrics[table] = byText(made.ItemCollectionMetrics[table]);
  }
  return made;
}

/** Where two JSON values differ, places in lists left out: `Items[].a.S`. */
export function differingPaths(ours, theirs, at = "") {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  const both = (value) => value !== null && typeof value === "object";
  if (!both(ours) || !both(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    const how = ours === undefined ? " only theirs" : theirs === undefined ? " only ours" : "";
    return [`${at}${how}`];
  }
  if (Array.isArray(ours)) {
    if (ours.length !== theirs.length) return [`${at}.length`];
    return [...new Set(ours.flatMap((each, position) => differingPaths(each, theirs[position], `${at}[]`)))];
  }
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...new Set([...names].flatMap((name) => differingPaths(ours[name], theirs[name], at ? `${at}.${name}` : name)))];
}

/** A message with its particulars taken out, so that messages of one kind are alike. */
export function generalised(message) {
  return message
    .replace(/'[^']*'/g, "'…'")
    .replace(/"[^"]*"/g, '"…"')
    .replace(
      /(Keys: |keys used: |AttributeDefinitions: |path one: |path two: |first operand: |keys: |parameters: )[[{][^\]}]*[\]}]/g,
      "$1…",
    )
    .replace(/\{[A-Z]+:[^}]*\}/g, "{…}")
    .replace(
      /(name|value|keyword|function|operator|key|Key|IndexKey|IndexName|attribute|index|lement|operand type|Actual|expected|Expected|type|on|numeric value|for key|Duplicate value in attribute name|Attribute): (?! )[^\s,;.]*/g,
      "$1: …",
    )
    .replace(/(key|Key|attribute) \S+ (expected|Expected|Actual)/g, "$1 … $2")
    .replace(/(for|not valid for) (S|N|B|SS|NS|BS|L|M|BOOL|NULL)\b/g, "$1 …")
    .replace(/(ComparisonOperator) (?!can|used|cannot)\S+ /g, "$1 … ")
    .replace(/for key \S+/g, "for key …")
    .replace(/-?\d+/g, "0");
}

const typeOf = (body) => String(body?.__type ?? "").replace(/^.*#/, "");
const messageOf = (body) => (typeof body === "string" ? body : (body?.message ?? body?.Message));

function described({ status, body }) {
  if (status === 200) return "200";
  const message = messageOf(body);
  return `${status} ${typeOf(body)}${message === undefined ? "" : `: ${generalised(String(message))}`}`;
}

/**
 * Compares the answers to one request. Gives undefined where they are the same, otherwise what kind of difference it is: `kind` is the same
 * for differences that are alike, `paths` says where two successful answers differ.
 */
export function difference(operation, request, ours, theirs) {
  const normal = ({ status, body }) => (status === 200 ? normalBody(operation, request, body) : ordered(body));
  const [mine, other] = [normal(ours), normal(theirs)];
  if (ours.status === theirs.status && JSON.stringify(mine) === JSON.stringify(other)) return undefined;
  const paths = ours.status === 200 && theirs.status === 200 ? differingPaths(mine, other) : [];
  const attributesLeftOut = [
    ...new Set(
      paths.map((path) => path.replace(/((?:Items?|Attributes|Responses\.[^.[]+|LastEvaluatedKey|Item state)(?:\[\])?)[.[].*$/, "$1")),
    ),
  ];
  const kind = `${operation}\n  ours:   ${described(ours)}\n  theirs: ${described(theirs)}${paths.length > 0 ? `\n  at: ${attributesLeftOut.sort().join(", ")}` : ""}`;
  return {
    kind,
    operation,
    request,
    ours,
    theirs,
    paths,
    messages: [messageOf(ours.body), messageOf(theirs.body)].map((text) => String(text ?? "")),
  };
}

/** Says of a difference whether two successful answers differ at such paths only. */
export const onlyAt = (pattern) => (found) => found.paths.length > 0 && found.paths.every((path) => pattern.test(path));
