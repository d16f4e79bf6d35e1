/** What `dynatab` and `dynatab/node` export alike. */

export type { CacheOptions } from "./cache.ts";
export type { Change, ChangedAttributes, ChangesOptions } from "./changes/change.ts";
export { ChangesTrimmedError, DatabaseReplacedError, StreamNotEnabledError } from "./changes/errors.ts";
export type { Counters } from "./counters.ts";
export type { CallOptions, DatabaseOptions, DispatchReply, OperationName, RequestOptions } from "./database.ts";
export { Database } from "./database.ts";
export type { Dump } from "./dump/source.ts";
export * from "./errors-public.ts";
export type { Operations, StreamOperationName } from "./generated/operations.ts";
export type { CsvType } from "./import/csv.ts";
export type {
  ImportFormat,
  ImportOptions,
  ImportProgress,
  ImportRejection,
  ImportResult,
} from "./import/import-items.ts";
export type { ImportElement, ImportSource } from "./import/pieces.ts";
export type { Latency } from "./latency.ts";
export type { Logger } from "./logger.ts";
export type { CommonOptions, Durability, EngineOptions, Persistence, PersistenceChoice, TimeSource } from "./options.ts";
export type { RequestTrace, TracedStatement } from "./request-trace.ts";
export type { DatabaseFileBlobs, Salvage, SalvagedIndex, SalvagedItem, SalvagedTable } from "./salvage/salvage.ts";
export type { ClientConfig } from "./sdk.ts";
export * from "./service-errors.ts";
export type { DatabaseStats, IndexStats, StorageStats, TableStats } from "./stats.ts";
export type { StorageReport } from "./storage-report.ts";
export type { VacuumOptions, VacuumProgress } from "./vacuum.ts";
export type { WasmModules } from "./wasm-modules.ts";
