/** What a package's script says of its module: what the imports mean, and what the exports are called. */
export interface SqliteNames {
  imports: Record<string, string>;
  exports: Record<string, string>;
}

/** Reads the packages' scripts. */
export const sqliteNames: { sqlJs(): SqliteNames; waSqlite(): SqliteNames };

/** The text of `js/src/generated/sqlite-builds.ts`. */
export function sqliteBuilds(): string;
