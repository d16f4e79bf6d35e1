/**
 * In which order a request with several mistakes is looked at (docs/differences.md, "Several mistakes in one request"). Where both sides
 * refuse a request for different mistakes, ours must be the one that stands earlier here.
 */
const ORDER = [
  { stage: "JSON kinds", texts: /^SerializationException/ },
  { stage: "strictly read members", texts: /^ValidationException: (missing field|invalid type)/ },
  {
    stage: "constraints",
    texts:
      /failed to satisfy constraint: (?!Member must satisfy enum value set: \[ALL, OR\])|Failed to satisfy constraint: (?!.*\[ALL, OR\])|TableName must be at least|'TableName' is required|requestItems parameter is required/,
  },
  {
    stage: "attribute values, and members that go together",
    texts:
      /Can not use both|when choosing to get|can be used only when Querying|TotalSegments|Too many items|Duplicate value in attribute name|numeric value|significant digits|Number (over|under)flow|collection .*contains duplicates|may not be empty|should not be empty|Null attribute value|AttributeValue (is empty|has more)|Nesting Levels|Empty attribute name$|ExpressionAttributeValues contains invalid value/,
  },
  { stage: "keys of a batch", texts: /list of item keys contains duplicates/ },
  {
    stage: "placeholders",
    texts: /can only be specified when using expressions|must not be empty|contains invalid (key|value)|Either the KeyConditions/,
  },
  {
    stage: "expressions and legacy conditions",
    texts:
      /Invalid \w+Expression: |ComparisonOperator|comparison operator|ConditionalOperator|\[ALL, OR\]|for Action|BETWEEN condition|indexable operation|AttributeValueList|Value must be provided|Value cannot be used|cannot be used together|must be used with|can only be used with|action/,
  },
  { stage: "what is wanted back", texts: /ReturnValues can only be/ },
  { stage: "the item's size", texts: /Item size has exceeded/ },
  { stage: "unused placeholders", texts: /unused in expressions/ },
  { stage: "the table", texts: /Resource(NotFound|InUse)Exception/ },
  {
    stage: "what is read of the table",
    texts:
      /does not have the specified index|Consistent reads are not supported|start(ing)? key|at most one row|missed key schema|exceeds the number of key|key condition not supported|must have equality|does not match schema type|can only contain non-primary key|does not project|Select type ALL_ATTRIBUTES/,
  },
  {
    stage: "keys",
    texts:
      /provided key element|Missing the key|Type mismatch for (key|Index)|cannot contain an empty|Cannot update attribute|Size of hashkey|Aggregated size/,
  },
  {
    stage: "the item",
    texts:
      /ConditionalCheckFailed|Item size to update|document path provided|attribute that does not exist|incorrect data type|Type mismatch for attribute/,
  },
];

const LEGACY = ["AttributeUpdates", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"];
const place = (told) => ORDER.findIndex(({ texts }) => texts.test(told));
const placeOf = (stage) => ORDER.findIndex((each) => each.stage === stage);

/** Whether two refusals of one request are explained by its having both mistakes. Values of legacy parameters are read with those. */
export function namesSeveralMistakes(ours, theirs, request) {
  const [mine, other] = [place(ours), place(theirs)];
  const inLegacy = other === placeOf("attribute values, and members that go together") && LEGACY.some((name) => request[name]);
  return mine >= 0 && other >= 0 && mine <= (inLegacy ? placeOf("expressions and legacy conditions") : other) && ours !== theirs;
}
