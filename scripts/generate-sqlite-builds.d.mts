/** What a package's script says of its module: what the imports mean, and what the exports are called. */
export interface SqliteNames {
  imports: Record<string, string>;
  exports: Record<string, string>;
}

/** Reads the packages' scripts. */
export const sqliteNames: { sqlJs(): SqliteNames; waSqlite(): SqliteNames };

/** What the drivers call of each module: C names, and what those exports are called. */
export const calledExports: { sqlJs(): Record<string, string>; waSqlite(): Record<string, string> };

/** The text of `js/src/generated/sqlite-builds.ts`. */
export function sqliteBuilds(): string;
