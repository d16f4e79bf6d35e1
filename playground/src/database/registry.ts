/** The names of the databases this page knows, and which was used last, as the browser keeps them for the page's address. */
import { Dynatab } from "dynatab";

const KEY = "dynatab-playground";

/** A database of the list. */
export interface KnownDatabase {
  name: string;
  /** When it was last opened, in milliseconds of the epoch; 0 if never by this page. */
  opened: number;
}

interface Kept {
  databases: KnownDatabase[];
  theme?: string;
}

function isKept(value: unknown): value is Kept {
  const { databases } = (value ?? {}) as { databases?: unknown };
  return Array.isArray(databases) && databases.every((each) => typeof each?.name === "string" && typeof each?.opened === "number");
}

/** Where the browser keeps nothing (a sandboxed frame, say), the page remembers as long as it lives. */
let remembered: Kept = { databases: [] };

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (isKept(kept)) return kept;
  } catch {
    return remembered;
  }
  return remembered;
}

function write(kept: Kept): void {
  remembered = kept;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // It is remembered as long as the page lives.
  }
}

/** The databases this page has opened, the one used last first. */
export function knownDatabases(): KnownDatabase[] {
  return read().databases.sort((a, b) => b.opened - a.opened);
}

/** The databases the browser keeps, those this page has not opened yet last; none where it keeps none. */
export async function keptDatabases(): Promise<KnownDatabase[]> {
  const known = knownDatabases();
  const names = await Dynatab.list().catch(() => []);
  const opened = (name: string) => known.find((each) => each.name === name)?.opened ?? 0;
  return names.map((name) => ({ name, opened: opened(name) })).sort((a, b) => b.opened - a.opened);
}

/** Notes that a database was opened. */
export function noteOpened(name: string): void {
  const kept = read();
  write({ ...kept, databases: [...kept.databases.filter((each) => each.name !== name), { name, opened: Date.now() }] });
}

/** Notes that a database is no more. */
export function noteDeleted(name: string): void {
  const kept = read();
  write({ ...kept, databases: kept.databases.filter((each) => each.name !== name) });
}

/** The theme the user chose, or undefined for the system's. */
export function keptTheme(): "light" | "dark" | undefined {
  const { theme } = read();
  return theme === "light" || theme === "dark" ? theme : undefined;
}

/** Keeps the theme; undefined for the system's. */
export function keepTheme(theme: "light" | "dark" | undefined): void {
  const { databases } = read();
  write(theme === undefined ? { databases } : { databases, theme });
}
