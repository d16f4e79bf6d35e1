/** The package's own error classes, as they are exported; how they cross between threads is nobody's business outside. */
export {
  AssetLoadError,
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseCorruptError,
  DynatabError,
  EngineCrashedError,
  ForeignDatabaseError,
  InvalidOptionError,
  OpenFailedError,
  PersistenceUnavailableError,
  StorageFullError,
  VersionMismatchError,
  WorkerLostError,
} from "./errors.ts";
