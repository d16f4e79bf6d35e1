/** The package's own error classes, as they are exported; how they cross between threads is nobody's business outside. */
export {
  AssetLoadError,
  CommitInDoubtError,
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseCorruptError,
  DynatabError,
  EngineCrashedError,
  ForeignDatabaseError,
  ImportRejectedError,
  InvalidOptionError,
  OpenFailedError,
  PersistenceUnavailableError,
  QuotaExceededError,
  StorageError,
  VersionMismatchError,
  WorkerLostError,
} from "./errors.ts";
