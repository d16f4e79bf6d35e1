/** CSV as items: the first row names the attributes, an empty cell is an attribute that is not there. Read by Papa Parse. */
import Papa from "papaparse";
import { InvalidOptionError } from "../errors.ts";
import type { Piece } from "./pieces.ts";

/** The types a column can have. */
export type CsvType = "S" | "N" | "B" | "BOOL";

/** How a CSV text is read. */
export interface CsvOptions {
  /** What separates the cells of a row. Default a comma. */
  delimiter: string;
  /** Columns that are not strings, by name. */
  types: Readonly<Record<string, CsvType>>;
}

/** No row is longer. */
const MOST_ROW_CHARACTERS = 4 << 20;

const encoder = new TextEncoder();

/** Items in DynamoDB's JSON, a line each, of CSV texts. `spoilt` is told of rows that cannot be read, by their place in the source. */
export async function* itemsOfCsv(
  pieces: AsyncIterable<Piece>,
  options: CsvOptions,
  spoilt: (record: number, message: string) => void,
): AsyncGenerator<Piece> {
  let records = 0;
  let text = new CsvText(options);
  const lines = (rows: Row[]) =>
    encoder.encode(
      rows
        .map((row) => {
          records += 1;
          if (row.fault !== undefined) spoilt(records, row.fault);
          return `${JSON.stringify(row.fault ?? row.item)}\n`;
        })
        .join(""),
    );
  for await (const piece of pieces) {
    if (piece !== "end") yield lines(text.read(piece));
    else {
      yield lines(text.finish());
      text = new CsvText(options);
    }
  }
  yield "end";
}

/** A row: its item, or why it is none. */
interface Row {
  item?: Record<string, object>;
  fault?: string;
}

/** One CSV text, read in pieces. */
class CsvText {
  readonly #options: CsvOptions;
  readonly #decoder = new TextDecoder();
  #text = "";
  #newline: "\n" | "\r\n" | "\r" | undefined;
  #names: readonly string[] | undefined;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  read(bytes: Uint8Array): Row[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    return this.#rows(false);
  }

  finish(): Row[] {
    this.#text += this.#decoder.decode();
    return this.#rows(true);
  }

  #rows(isLast: boolean): Row[] {
    this.#newline ??= newlineOf(this.#text);
    if (this.#newline === undefined && !isLast) return [];
    const parser = new Papa.Parser({ delimiter: this.#options.delimiter, newline: this.#newline ?? "\n" });
    const { data, errors, meta } = parser.parse(this.#text, 0, !isLast) as Papa.ParseResult<string[]>;
    this.#text = isLast ? "" : this.#text.slice(meta.cursor);
    if (this.#text.length > MOST_ROW_CHARACTERS) {
      throw new InvalidOptionError("A row of the CSV is longer than any item can be: is a quotation mark not closed?");
    }
    const faults = new Map(errors.map(({ row, message }) => [row, message]));
    const rows = data.map((cells, at) => ({ cells, fault: faults.get(at) }));
    if (this.#names === undefined) this.#names = rows.shift()?.cells;
    // An empty line is no row.
    return rows.filter(({ cells }) => cells.length > 1 || cells[0] !== "").map(({ cells, fault }) => this.#row(cells, fault));
  }

  #row(cells: readonly string[], fault: string | undefined): Row {
    const names = this.#names ?? [];
    if (fault !== undefined) return { fault };
    if (cells.length > names.length) return { fault: `The row has ${cells.length} cells, the first row names ${names.length}` };
    const item: Record<string, object> = {};
    for (const [at, cell] of cells.entries()) {
      const name = names[at]!;
      if (cell !== "") item[name] = { [this.#options.types[name] ?? "S"]: cell };
    }
    return { item };
  }
}

/** What ends the first row. A carriage return at the end of what there is may be half of it. */
function newlineOf(text: string): "\n" | "\r\n" | "\r" | undefined {
  const end = /\r\n|\n|\r(?=[^\n])/.exec(text)?.[0];
  return end as "\n" | "\r\n" | "\r" | undefined;
}
