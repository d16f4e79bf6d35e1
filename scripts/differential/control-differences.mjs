/** The decided differences of transactions, changes of tables, tags, time to live and streams, as known-differences.mjs takes them. */
import { onlyAt } from "./comparison.mjs";

/** Both refuse a transaction of several actions for something that one of them is by itself. */
const BY_ITSELF = /^(ValidationException: (?!Transaction request|Collection size)|SerializationException)/;
const ofSeveralActions = ({ request }) => (request.TransactItems ?? []).length > 1;
/** The reasons of a canceled transaction, less how a mistake is worded. */
const codes = ({ body }) =>
  JSON.stringify(body.CancellationReasons?.map(({ Code, Item }) => [Code, Code === "ConditionalCheckFailed" && Boolean(Item)]));

/** In this order: the first that fits takes a difference. */
export const controlDifferences = [
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
