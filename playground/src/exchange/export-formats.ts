/** What items can be exported as. */
export const EXPORT_FORMATS = {
  lines: { label: "DynamoDB-JSON lines", extension: "jsonl", type: "application/x-ndjson" },
  gzip: { label: "DynamoDB-JSON lines, gzipped", extension: "jsonl.gz", type: "application/gzip" },
  json: { label: "JSON", extension: "json", type: "application/json" },
  csv: { label: "CSV", extension: "csv", type: "text/csv" },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;
