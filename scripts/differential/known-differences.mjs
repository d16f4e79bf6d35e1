/**
 * The differences that have been decided: each group has its heading in docs/differences.md, where the rule or the sentence of the service
 * model stands that decides it. An answer is matched as text: `200`, or the error's name and message. The first group that fits a
 * difference takes it.
 */
import { namesSeveralMistakes } from "./several-mistakes.mjs";
import { tables } from "./tables.mjs";

/** Refused for something that is looked at later than an expression or a parameter by itself. */
const LATER = /^(200|[A-Z]\w+Exception: (?!Failed to satisfy|.*failed to satisfy constraint))/;
const LOCAL = new Set(tables.flatMap(({ indexes }) => indexes.filter(({ kind }) => kind === "local").map(({ name }) => name)));

const onlyAt = (pattern) => (found) => found.paths.length > 0 && found.paths.every((path) => pattern.test(path));
/** The same sentence, with something more in front of or behind ours. */
const oursSaysMore = ({ messages: [ours, theirs] }) => theirs !== "" && ours !== theirs && ours.includes(theirs);
const theirsSaysMore = ({ messages: [ours, theirs] }) => ours !== "" && ours !== theirs && theirs.includes(ours);

const onlyDeletes = (updates) =>
  Object.values(updates ?? {}).length > 0 && Object.values(updates).every(({ Action }) => Action === "DELETE");
const ofSeveralTables = ({ request }) => Object.keys(request.RequestItems ?? {}).length > 1;

/** Both refuse a transaction of several actions for something that one of them is by itself. */
const BY_ITSELF = /^(ValidationException: (?!Transaction request|Collection size)|SerializationException)/;
const ofSeveralActions = ({ request }) => (request.TransactItems ?? []).length > 1;
/** The reasons of a canceled transaction, less how a mistake is worded. */
const codes = ({ body }) =>
  JSON.stringify(body.CancellationReasons?.map(({ Code, Item }) => [Code, Code === "ConditionalCheckFailed" && Boolean(Item)]));

/** The differences of transactions, changes of tables, tags, time to live and streams. */
const LIVING = [
  {
    heading: "Mistakes of several actions",
    operations: /^Transact/,
    ours: BY_ITSELF,
    theirs: BY_ITSELF,
    when: ofSeveralActions,
  },
  {
    heading: "Mistakes of several actions",
    operations: /^TransactWrite/,
    ours: /TransactItems can only contain one|should contain Delete or Put/,
    theirs: BY_ITSELF,
  },
  {
    heading: "Several mistakes in one action",
    operations: /^Transact/,
    ours: /^TransactionCanceledException/,
    theirs: /^TransactionCanceledException/,
    when: ({ ours, theirs }) => codes(ours) === codes(theirs),
  },
  {
    heading: "Projections of transactions",
    operations: /^TransactGetItems$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => /ProjectionExpression/.test(JSON.stringify(found.request)) && onlyAt(/^Responses\[\]\.Item/)(found),
  },
  { heading: "Wrong JSON types in transactions", operations: /^Transact/, ours: /^SerializationException/, theirs: /./ },
  {
    heading: "Numbers of sets in other spellings",
    operations: /^TransactWrite/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => /the items after it/.test(found.kind) && /"NS":/.test(JSON.stringify(found.request)),
  },
  {
    heading: "Placeholders of actions",
    operations: /^Transact/,
    ours: /can only be specified when using expressions|contains invalid (key|value)|must not be empty|unused in expressions/,
    theirs: /./,
  },
  { heading: "Updates of a key", operations: /^Transact/, ours: /Cannot update attribute/, theirs: /./ },
  {
    heading: "Tokens used for another transaction",
    operations: /^Transact/,
    ours: /^(IdempotentParameterMismatch|Validation)Exception/,
    theirs: /^IdempotentParameterMismatchException/,
  },
  {
    heading: "Item collections of transactions",
    operations: /^Transact/,
    ours: /^200$/,
    theirs: /^200$/,
    when: onlyAt(/^ItemCollectionMetrics/),
  },

  { heading: "Empty bodies", operations: /^(Tag|Untag)Resource$/, ours: /^200$/, theirs: /^200$/ },
  {
    heading: "Texts about tags",
    operations: /^TagResource$/,
    ours: /The Tag (Key|Value) provided is invalid/,
    theirs: /Tag (key|value) must be between/,
  },
  { heading: "Texts about tags", operations: /^TagResource$/, ours: /The Tag (Key|Value) provided is invalid/, theirs: /missing field `/ },
  { heading: "Texts about tags", operations: /^TagResource$/, ours: /Number of Tags exceed/, theirs: /Too many tags/ },
  {
    heading: "Tags that are refused",
    operations: /^TagResource$/,
    ours: /Duplicate Tag Keys|cannot be prefixed with aws:/,
    theirs: /^(200|ResourceNotFound|ValidationException)/,
  },
  { heading: "ARNs that are none", operations: /Resource$/, ours: /ARNs must start with 'arn:'/, theirs: /Invalid ResourceArn/ },
  {
    heading: "Tables without access",
    operations: /Resource$/,
    ours: /^(AccessDenied|ResourceNotFound)Exception/,
    theirs: /^(AccessDenied|ResourceNotFound)Exception/,
  },

  {
    heading: "Time to live that is as it is",
    operations: /TimeToLive$/,
    ours: /TimeToLive is (already|active)/,
    theirs: /^(200|ValidationException: TimeToLive)/,
  },
  {
    heading: "Specifications without their members",
    operations: /^Update(TimeToLive|Table)$/,
    ours: /failed to satisfy constraint/,
    theirs: /missing field `|unknown variant `/,
  },
  {
    heading: "Names of expiry attributes",
    operations: /TimeToLive$/,
    ours: /timeToLiveSpecification\.attributeName' failed/,
    theirs: /^200$/,
  },

  {
    heading: "What an update of a table must have",
    operations: /^UpdateTable$/,
    ours: /./,
    theirs: /At least one of ProvisionedThroughput/,
  },
  {
    heading: "Streams that are as they are",
    operations: /^UpdateTable$/,
    ours: /already has an enabled stream|has no stream to disable/,
    theirs: /./,
  },
  {
    heading: "View types",
    operations: /^UpdateTable$/,
    ours: /If stream is being (enabled|disabled)|streamViewType' failed/,
    theirs: /^(200|ResourceNotFound)/,
  },
  {
    heading: "Changes that stand alone",
    operations: /^UpdateTable$/,
    ours: /must be the only operation|can only be combined|You cannot/,
    theirs: /./,
  },
  {
    heading: "Texts about index updates",
    operations: /^UpdateTable$/,
    ours: /already exists|AttributeDefinitions is not specified for index|not defined in AttributeDefinitions|Index \S+ for table/,
    theirs: /./,
  },
  {
    heading: "Texts about index updates",
    operations: /^UpdateTable$/,
    ours: /globalSecondaryIndexUpdates.*failed to satisfy/,
    theirs: /already exists/,
  },
  {
    heading: "Capacity of indexes",
    operations: /^UpdateTable$/,
    ours: /for index: |index \S+ will not change|out of bounds/,
    theirs: /./,
  },
  {
    heading: "Capacity of indexes",
    operations: /^UpdateTable$/,
    ours: /./,
    theirs: /globalSecondaryIndexUpdates\.\d+\.member\.update\.provisionedThroughput' failed/,
  },
  {
    heading: "One index at a time",
    operations: /^UpdateTable$/,
    ours: /^LimitExceededException|Only one global secondary index/,
    theirs: /./,
  },
  { heading: "Table classes", operations: /^UpdateTable$/, ours: /Invalid table-class parameter/, theirs: /tableClass' failed/ },
  {
    heading: "Table descriptions",
    operations: /^UpdateTable$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: onlyAt(
      /(WarmThroughput|TableThroughputModeSummary|DeletionProtectionEnabled|ProvisionedThroughput only ours|AttributeDefinitions|GlobalSecondaryIndexes|OnDemandThroughput|TableClassSummary|BillingModeSummary|StreamSpecification)/,
    ),
  },

  { heading: "Sizes of records", operations: /^GetRecords$/, ours: /^200$/, theirs: /^200$/, when: onlyAt(/SizeBytes$/) },
  { heading: "Keys of streams", operations: /^DescribeStream$/, ours: /^200$/, theirs: /^200$/, when: onlyAt(/KeySchema only ours$/) },
  { heading: "Iterators by time", operations: /^GetShardIterator$/, ours: /./, theirs: /Invalid ShardIteratorType: AT_TIMESTAMP/ },
  {
    heading: "Texts about streams",
    operations: /Stream|Shard|Records/,
    ours: /shardIteratorType' failed|Invalid ShardIterator|Invalid StreamArn|SequenceNumber/,
    theirs: /Invalid (ShardIteratorType|shard iterator)|Stream: /,
  },
  { heading: "Limits of the streams API", operations: /Stream|Records/, ours: /at 'limit' failed/, theirs: /^200$|Invalid shard iterator/ },
];

const GROUPS = [
  {
    heading: "Table descriptions",
    operations: /Table$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: onlyAt(/WarmThroughput|TableThroughputModeSummary|DeletionProtectionEnabled|ProvisionedThroughput only ours$/),
  },
  {
    heading: "Provisioned tables without throughput",
    operations: /^CreateTable$/,
    ours: /ReadCapacityUnits and WriteCapacityUnits must both be specified/,
    theirs: LATER,
  },
  {
    heading: "Texts of the reference server's own making",
    ours: /./,
    theirs:
      /(Expected attribute name|Unexpected (token|operator) in \w+Expression|Expected number in brackets|Expected '|Expected value reference|Unsupported KeyConditions ComparisonOperator|ALLOWED_FOR_ADD_OPERAND|invalid base64|expected (array|string) (for|in) |floating point|integer `)/,
  },
  { heading: "Numbers that are no integers", ours: /(NUMBER|DECIMAL)_VALUE cannot be converted to Integer/, theirs: /./ },
  {
    heading: "Wrong JSON types inside attribute values",
    ours: /^SerializationException/,
    theirs: /^SerializationException|AttributeValue is empty/,
  },
  { heading: "Nulls among names and lists", ours: /./, theirs: /invalid type: null, expected/ },

  { heading: "Attributes a global index does not have", operations: /^(Query|Scan)$/, ours: /does not project \[/, theirs: /./ },
  {
    heading: "Attributes a local index does not have",
    operations: /^(Query|Scan)$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => LOCAL.has(found.request.IndexName) && onlyAt(/^(Items|Count|ConsumedCapacity)/)(found),
  },
  {
    heading: "Prefixes of expression errors",
    ours: /Invalid \w+Expression: /,
    theirs: /^ValidationException: (An expression attribute|Attribute name is a reserved)/,
    when: oursSaysMore,
  },
  {
    heading: "Undefined values the reference server does not reach",
    operations: /^(Query|Scan)$/,
    ours: /Invalid \w+Expression: An expression attribute (value|name) used in/,
    theirs: LATER,
  },
  { heading: "Starting keys", operations: /^(Query|Scan)$/, ours: /starting key|at most one row|exclusive start/, theirs: /./ },
  {
    heading: "Keys in conditions: empty, too long",
    ours: /cannot contain an empty|Size of hashkey|Aggregated size of all range keys/,
    theirs: LATER,
  },
  { heading: "Index names", operations: /^(Query|Scan)$/, ours: /at 'indexName' failed/, theirs: /./ },
  {
    heading: "Empty AttributesToGet",
    ours: /at '[\w.-]*attributesToGet' failed to satisfy constraint: Member must have length/,
    theirs: /./,
  },
  {
    heading: "Segments in full",
    operations: /^Scan$/,
    ours: /is not less than TotalSegments/,
    theirs: /must be less than parameter TotalSegments/,
  },
  { heading: "Several tables in one batch", operations: /^Batch/, ours: /Too many items requested/, theirs: /./ },
  {
    heading: "Several tables in one batch",
    operations: /^BatchWriteItem$/,
    ours: /^Val/,
    theirs: /Map value must satisfy/,
    when: ({ request }) => Object.values(request.RequestItems).every(({ length }) => length > 0 && length <= 25),
  },
  {
    heading: "Each table of a BatchGetItem by itself",
    operations: /^BatchGetItem$/,
    ours: /./,
    theirs: /Can not use both expression and non-expression/,
  },
  { heading: "Each table of a BatchGetItem by itself", operations: /^BatchGetItem$/, ours: /^Val/, theirs: /^Val/, when: ofSeveralTables },
  { heading: "Two actions in one write request", operations: /^BatchWriteItem$/, ours: /more than one datatypes set/, theirs: /./ },
  {
    heading: "Java's maps in messages",
    operations: /^BatchWriteItem$/,
    ours: /Value '\{.*Map value must satisfy/,
    theirs: /Value '\{.*Map value must satisfy/,
  },

  {
    heading: "Operands in conditions",
    ours: /(operand type:|first operand must be distinct|Invalid attribute type name|BETWEEN operator requires|number of operands|requires a document path|not allowed to be used this way|too many operators|too many operands)/,
    theirs: LATER,
  },
  { heading: "Parenthesised operands, sizes of values", ours: LATER, theirs: /Syntax error; token: "?[(:)]/ },
  { heading: "List indexes", ours: /List index is not within/, theirs: LATER },
  { heading: "Paths with different accessors", ours: /Two document paths conflict with each other/, theirs: LATER },
  { heading: "Function names in capitals", ours: /Invalid function name; function: (BEGINS_WITH|Size)/, theirs: LATER },
  { heading: "Placeholders that are not words", ours: /contains invalid key: Syntax error; key: "(#|:|#a-b|:a\.b)"/, theirs: /./ },
  {
    heading: "Placeholders without an expression, in full",
    ours: /can only be specified when using expressions: .* (is|are) null/,
    theirs: /can only be specified when using expressions/,
  },
  {
    heading: "Words of the grammar as attribute names",
    ours: /Syntax error|nested operations/,
    theirs: /Attribute name is a reserved keyword/,
  },
  {
    heading: "Words of the grammar as attribute names",
    ours: LATER,
    theirs: /Syntax error; token: ".*", near: "(if_not_exists|list_append)/,
  },

  {
    heading: "ALL_OLD of an update that creates the item",
    operations: /^UpdateItem$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => found.request.ReturnValues === "ALL_OLD" && onlyAt(/^Attributes only theirs$/)(found),
  },
  {
    heading: "Parts of attributes an update returns",
    operations: /^UpdateItem$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => /^UPDATED_/.test(found.request.ReturnValues) && onlyAt(/^Attributes/)(found),
  },
  {
    heading: "AttributeUpdates that only delete",
    operations: /^UpdateItem$/,
    ours: /^200$/,
    theirs: /^200$/,
    when: (found) => onlyDeletes(found.request.AttributeUpdates) && onlyAt(/only theirs$|^ConsumedCapacity/)(found),
  },
  {
    heading: "AttributeUpdates that add to a list",
    operations: /^UpdateItem$/,
    ours: /ADD action is not supported for the type L/,
    theirs: LATER,
  },
  {
    heading: "Empty sets inside values",
    ours: /contains invalid value: One or more parameter values were invalid: .*(may|should) not be empty/,
    theirs: LATER,
  },
  {
    heading: "Non-key attributes of an index",
    operations: /^(Create|Update)Table$/,
    ours: /projection\.nonKeyAttributes' failed/,
    theirs: LATER,
  },
  { heading: "Several mistakes in one table definition", operations: /^UpdateTable$/, ours: /^Val/, theirs: /is out of bounds$/ },
  { heading: "Several mistakes in one table definition", operations: /^CreateTable$/, ours: /^(Val|Ser)/, theirs: /^(Val|ResourceInUse)/ },
  {
    heading: "Unused placeholders without an update",
    operations: /^UpdateItem$/,
    ours: /unused in expressions/,
    theirs: LATER,
    when: ({ request }) => request.UpdateExpression === undefined,
  },
  {
    heading: "Numbers of sets in other spellings",
    operations: /^UpdateItem$/,
    ours: LATER,
    theirs: /Input collection contains duplicates$/,
    when: ({ request }) => /"NS":/.test(JSON.stringify(request.ExpressionAttributeValues ?? request.AttributeUpdates)),
  },
  { heading: "Updates of a key", operations: /^UpdateItem$/, ours: /Cannot update attribute/, theirs: LATER },
  {
    heading: "Prefixes of values",
    ours: /^ValidationException: (?!1 val)/,
    theirs: /^ValidationException: 1 validation error detected: /,
    when: theirsSaysMore,
  },
  {
    heading: "The wrapper of expression values",
    ours: /(Nesting Levels|more than one datatypes|is empty, must contain)/,
    theirs: /contains invalid value: /,
    when: theirsSaysMore,
  },
  {
    heading: "Constraints of UpdateItem",
    operations: /^UpdateItem$/,
    ours: /failed to satisfy constraint: Member must satisfy enum/,
    theirs: /failed to satisfy constraint: Member must satisfy enum/,
  },
  {
    heading: "ReturnValues of DeleteItem beside constraints",
    operations: /^DeleteItem$/,
    ours: /failed to satisfy constraint/,
    theirs: /ReturnValues can only be ALL_OLD or NONE$/,
  },
  ...LIVING,
  {
    heading: "Operands of legacy conditions",
    ours: /ComparisonOperator \w+ is not valid for|The BETWEEN condition was provided a range|indexable operation/,
    theirs: LATER,
  },
];

const told = ({ status, body }) =>
  status === 200 ? "200" : `${String(body?.__type ?? "").replace(/^.*#/, "")}: ${body?.message ?? body?.Message ?? ""}`;

function fits({ operations, ours, theirs, when }, found) {
  return (
    (operations?.test(found.operation) ?? true) && ours.test(told(found.ours)) && theirs.test(told(found.theirs)) && (when?.(found) ?? true)
  );
}

/** The heading a difference belongs under, or undefined where nobody has decided it yet. */
export function headingOf(found) {
  const group = GROUPS.find((each) => fits(each, found));
  if (group) return group.heading;
  return namesSeveralMistakes(told(found.ours), told(found.theirs), found.request) ? "Several mistakes in one request" : undefined;
}

/** All headings, for the test that docs/differences.md explains each. */
export const headings = [...new Set([...GROUPS.map(({ heading }) => heading), "Several mistakes in one request"])];
