/** The package's own error classes, as they are exported; how they cross between threads is nobody's business outside. */
export {
  AssetLoadError,
  DatabaseBusyError,
  DatabaseClosedError,
  DynatabError,
  EngineCrashedError,
  InvalidOptionError,
  OpenFailedError,
  PersistenceUnavailableError,
  VersionMismatchError,
  WorkerLostError,
} from "./errors.ts";
