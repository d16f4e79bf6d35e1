/** The files of the playground's page, as the package has them: the page, the element, and the database with its worker and its WebAssembly. */
import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { HttpAnswer } from "../../http-api.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};
const PAGE = "playground.html";
/** The element in the page, as `playground/index.html` has it. */
const ELEMENT = '<dynatab-playground routing="hash">';

/** Whatever the page is asked for it is asked for anew: the package may have been replaced by another version. */
const HEADERS = { "cache-control": "no-cache", "x-content-type-options": "nosniff" };

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

export class PageFiles {
  readonly #folder: URL;
  /** What may be asked for: nothing is looked for by a name that somebody sends. */
  readonly #names: ReadonlySet<string>;
  readonly #page: string;

  private constructor(folder: URL, names: ReadonlySet<string>, page: string) {
    this.#folder = folder;
    this.#names = names;
    this.#page = page;
  }

  /** The package's files, the element with these attributes. `folder` is where the package's modules are. */
  static async read(attributes: Record<string, string>, folder = new URL("./", import.meta.url)): Promise<PageFiles> {
    const [beside, playground, page] = await Promise.all([
      readdir(folder),
      readdir(new URL("playground/", folder)),
      readFile(new URL(PAGE, folder), "utf8"),
    ]);
    const names = [...beside, ...playground.map((name) => `playground/${name}`)].filter((name) => extname(name) in TYPES);
    const said = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
    return new PageFiles(
      folder,
      new Set(names),
      page.replace(ELEMENT, () => `${ELEMENT.slice(0, -1)}${said.join("")}>`),
    );
  }

  /** The answer to a GET of a path. */
  async answer(path: string): Promise<HttpAnswer> {
    // No other page may show this one in a frame and have clicks go into it.
    const policy = { "content-security-policy": "frame-ancestors 'none'" };
    if (path === "/")
      return { status: 200, headers: { ...HEADERS, ...policy, "content-type": "text/html; charset=utf-8" }, body: this.#page };
    const name = path.slice(1);
    if (!this.#names.has(name))
      return { status: 404, headers: { ...HEADERS, "content-type": "text/plain" }, body: "There is no such file.\n" };
    const body = await readFile(new URL(name, this.#folder));
    return { status: 200, headers: { ...HEADERS, "content-type": TYPES[extname(name)]! }, body };
  }
}
