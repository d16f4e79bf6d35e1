/** The decided differences of the item operations and of table definitions, as known-differences.mjs takes them. */
import { onlyAt } from "./comparison.mjs";
import { tables } from "./tables.mjs";

/** Refused for something that is looked at later than an expression or a parameter by itself. */
const LATER = /^(200|[A-Z]\w+Exception: (?!Failed to satisfy|.*failed to satisfy constraint))/;
const LOCAL = new Set(tables.flatMap(({ indexes }) => indexes.filter(({ kind }) => kind === "local").map(({ name }) => name)));

/** The same sentence, with something more in front of or behind ours. */
const oursSaysMore = ({ messages: [ours, theirs] }) => theirs !== "" && ours !== theirs && ours.includes(theirs);
const theirsSaysMore = ({ messages: [ours, theirs] }) => ours !== "" && ours !== theirs && theirs.includes(ours);

const onlyDeletes = (updates) =>
  Object.values(updates ?? {}).length > 0 && Object.values(updates).every(({ Action }) => Action === "DELETE");
const ofSeveralTables = ({ request }) => Object.keys(request.RequestItems ?? {}).length > 1;

/** In this order: the first that fits takes a difference. */
export const itemDifferences = [
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
    ours: /projection\.nonKeyAttributes' failed|Duplicate element in NonKeyAttributes/,
    theirs: LATER,
  },
  { heading: "Several mistakes in one table definition", operations: /^UpdateTable$/, ours: /^Val/, theirs: /is out of bounds$/ },
  {
    heading: "Several mistakes in one table definition",
    operations: /^UpdateTable$/,
    ours: /GlobalSecondaryIndexUpdates is empty|must be specified when BillingMode is PROVISIONED/,
    theirs: /^(Val|ResourceNotFound)/,
  },
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
  {
    heading: "Operands of legacy conditions",
    ours: /ComparisonOperator \w+ is not valid for|The BETWEEN condition was provided a range|indexable operation/,
    theirs: LATER,
  },
];
