/** A program of a page, as a JavaScript module; `line` is where its first block stands. */
export interface Program {
  code: string;
  line: number;
}
/** The programs of a page of the documentation. `from` gives where a module is imported from instead. */
export function programs(page: string, from: (module: string) => string): Program[];
