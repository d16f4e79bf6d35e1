/** A program of a page, as a JavaScript module; `line` is where its first block stands. */
export interface Program {
  code: string;
  line: number;
}
/** A block of code on a page; `file` is its name, where it is a file of a recipe. */
export interface CodeBlock {
  language: string;
  file: string | undefined;
  code: string;
  line: number;
}
/** The blocks of a page of the documentation, in order. */
export function codeBlocks(page: string): CodeBlock[];
/** The programs of a page of the documentation. `from` gives where a module is imported from instead. */
export function programs(page: string, from: (module: string) => string): Program[];
/** A block of code in a page; one that is a file of a recipe has its name. */
export interface CodeBlock {
  language: string;
  file: string | undefined;
  code: string;
  line: number;
}
/** The blocks of a page of the documentation, in order. */
export function codeBlocks(page: string): CodeBlock[];
