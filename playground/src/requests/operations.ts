/** The operations the page tells apart by name. */

/** Operations of DynamoDB Streams, which go to a service of their own. */
export const STREAM_OPERATIONS: ReadonlySet<string> = new Set(["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]);

/** Operations after which the list of tables, or a table's definition, may be another. */
export const TABLE_OPERATIONS: ReadonlySet<string> = new Set([
  "CreateTable",
  "DeleteTable",
  "RestoreTableToPointInTime",
  "RestoreTableFromBackup",
  "UpdateTable",
  "UpdateTimeToLive",
]);
