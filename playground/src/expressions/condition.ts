/** DynamoDB's condition expressions as a tree, parsed for showing and converting. The database itself judges whether they are right. */

/** A part of a document path: a name, or a place in a list. */
export type PathPart = string | number;

export type Operand = { kind: "path"; path: PathPart[] } | { kind: "value"; placeholder: string } | { kind: "size"; path: PathPart[] };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type FunctionName = "attribute_exists" | "attribute_not_exists" | "attribute_type" | "begins_with" | "contains";

export type Condition =
  | { kind: "compare"; comparator: Comparator; left: Operand; right: Operand }
  | { kind: "between"; operand: Operand; lower: Operand; upper: Operand }
  | { kind: "in"; operand: Operand; list: Operand[] }
  | { kind: "function"; name: FunctionName; path: Operand; argument?: Operand }
  | { kind: "and" | "or"; parts: Condition[] }
  | { kind: "not"; inner: Condition };

/** The expression cannot be read. */
export class ExpressionError extends Error {}

const TOKEN = /\s*(<>|<=|>=|[=<>(),.[\]]|[#:]?[A-Za-z0-9_]+)/y;
const COMPARATORS = new Set(["=", "<>", "<", "<=", ">", ">="]);
const FUNCTIONS = new Set(["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"]);

function tokens(text: string): string[] {
  const found: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new ExpressionError(`Unexpected ${JSON.stringify(text.slice(at, at + 20).trim())}`);
    found.push(match[1]!);
  }
  return found;
}

class Parser {
  readonly #tokens: string[];
  readonly #names: Record<string, string>;
  #at = 0;

  constructor(text: string, names: Record<string, string>) {
    this.#tokens = tokens(text);
    this.#names = names;
  }

  whole(): Condition {
    const condition = this.#or();
    if (this.#peek() !== undefined) throw new ExpressionError(`Unexpected ${JSON.stringify(this.#peek())}`);
    return condition;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #isWord(word: string): boolean {
    return this.#peek()?.toUpperCase() === word;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new ExpressionError("The expression ends too early");
    this.#at += 1;
    return token;
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found.toUpperCase() !== token) throw new ExpressionError(`Expected ${token}, not ${JSON.stringify(found)}`);
  }

  #joined(kind: "and" | "or", each: () => Condition): Condition {
    const parts = [each()];
    while (this.#isWord(kind.toUpperCase())) {
      this.#at += 1;
      parts.push(each());
    }
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  #or(): Condition {
    return this.#joined("or", () => this.#and());
  }

  #and(): Condition {
    return this.#joined("and", () => this.#not());
  }

  #not(): Condition {
    if (!this.#isWord("NOT")) return this.#primary();
    this.#at += 1;
    return { kind: "not", inner: this.#not() };
  }

  #primary(): Condition {
    if (this.#peek() === "(") {
      this.#at += 1;
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    const word = this.#peek() ?? "";
    if (FUNCTIONS.has(word) && this.#tokens[this.#at + 1] === "(") return this.#function(word as FunctionName);
    return this.#comparison(this.#operand());
  }

  #function(name: FunctionName): Condition {
    this.#at += 2;
    const path = this.#operand();
    if (this.#peek() === ")") {
      this.#at += 1;
      return { kind: "function", name, path };
    }
    this.#expect(",");
    const argument = this.#operand();
    this.#expect(")");
    return { kind: "function", name, path, argument };
  }

  #comparison(operand: Operand): Condition {
    const word = this.#next();
    if (COMPARATORS.has(word)) return { kind: "compare", comparator: word as Comparator, left: operand, right: this.#operand() };
    if (word.toUpperCase() === "BETWEEN") {
      const lower = this.#operand();
      this.#expect("AND");
      return { kind: "between", operand, lower, upper: this.#operand() };
    }
    if (word.toUpperCase() !== "IN") throw new ExpressionError(`Unexpected ${JSON.stringify(word)}`);
    this.#expect("(");
    const list = [this.#operand()];
    while (this.#peek() === ",") {
      this.#at += 1;
      list.push(this.#operand());
    }
    this.#expect(")");
    return { kind: "in", operand, list };
  }

  #operand(): Operand {
    if (this.#peek() === "(") {
      this.#at += 1;
      const inner = this.#operand();
      this.#expect(")");
      return inner;
    }
    const word = this.#next();
    if (word.startsWith(":")) return { kind: "value", placeholder: word };
    if (word === "size" && this.#peek() === "(") {
      this.#at += 1;
      const path = this.#path(this.#next());
      this.#expect(")");
      return { kind: "size", path };
    }
    return { kind: "path", path: this.#path(word) };
  }

  #path(first: string): PathPart[] {
    const path: PathPart[] = [this.#name(first)];
    for (;;) {
      if (this.#peek() === ".") {
        this.#at += 1;
        path.push(this.#name(this.#next()));
      } else if (this.#peek() === "[") {
        this.#at += 1;
        path.push(Number(this.#next()));
        this.#expect("]");
      } else return path;
    }
  }

  #name(word: string): string {
    if (!word.startsWith("#")) {
      if (!/^[A-Za-z_]/.test(word)) throw new ExpressionError(`Unexpected ${JSON.stringify(word)}`);
      return word;
    }
    if (!Object.hasOwn(this.#names, word)) throw new ExpressionError(`ExpressionAttributeNames has no ${word}`);
    return this.#names[word]!;
  }
}

/** Reads a key condition, filter or condition expression. Throws `ExpressionError`. */
export function parseCondition(text: string, names: Record<string, string> = {}): Condition {
  return new Parser(text, names).whole();
}

/** The conditions that all must hold. */
export function conjuncts(condition: Condition): Condition[] {
  return condition.kind === "and" ? condition.parts.flatMap(conjuncts) : [condition];
}

/** A path as it is written: `a.b[0]`, with quotation marks around names that would not be read back. */
export function pathText(path: PathPart[]): string {
  return path
    .map((part, at) => {
      if (typeof part === "number") return `[${part}]`;
      const name = /^[^."[\]]+$/.test(part) ? part : JSON.stringify(part);
      return at === 0 ? name : `.${name}`;
    })
    .join("");
}

const PATH_PART = /\s*(?:"((?:[^"\\]|\\.)*)"|\[(\d+)\]|([^."[\]]+))\s*(\.)?/y;

/** Reads a path as a user writes it. Throws `ExpressionError`. */
export function parsePath(text: string): PathPart[] {
  const path: PathPart[] = [];
  PATH_PART.lastIndex = 0;
  while (PATH_PART.lastIndex < text.length) {
    const match = PATH_PART.exec(text);
    if (!match) break;
    const [, quoted, place, name] = match;
    if (place !== undefined) path.push(Number(place));
    else path.push(quoted === undefined ? name!.trim() : (JSON.parse(`"${quoted}"`) as string));
    if (PATH_PART.lastIndex === text.length) return path;
  }
  throw new ExpressionError(`${JSON.stringify(text)} is no attribute's path`);
}
