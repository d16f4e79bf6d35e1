/** Bytes of a file, or of several. */
export interface SizeRow {
  file: string;
  raw: number;
  gzip: number;
  brotli: number;
}

export function packageSizes(folder?: string): SizeRow[];
export function fetchedSizes(folder?: string, rows?: readonly SizeRow[]): SizeRow[];
export function overBudget(rows: readonly SizeRow[], budget: Record<string, Pick<SizeRow, "raw" | "gzip" | "brotli">>): string[];
export function checkBudget(folder?: string): void;
export function sizeTable(folder?: string): string;
