/** What a page says by the attributes of `<dynatab-playground>`, read once when the element is put into it. */
import { type Place, parseHash } from "./app/route.ts";
import type { ThemeName } from "./app/theme.ts";
import { Endpoint } from "./database/endpoint.ts";
import { SAMPLES } from "./samples/load-sample.ts";
import type { Sample } from "./samples/sample.ts";

export interface ElementSettings {
  /** The database to open; undefined for the one used last. */
  database: string | undefined;
  persistence: "auto" | "memory";
  /** What is shown instead of a database in the browser. */
  endpoint: Endpoint | undefined;
  /** What is put into the database while it has no tables. */
  sample: Sample | undefined;
  /** Whether the place in the playground is kept in the page's address. */
  ownsAddress: boolean;
}

/** Reads the attributes. Throws for a sample that there is not. */
export function settingsOf(element: Element): ElementSettings {
  const sample = element.getAttribute("sample");
  const found = SAMPLES.find(({ id }) => id === sample);
  if (sample !== null && !found) {
    throw new TypeError(`There is no sample ${JSON.stringify(sample)}: there are ${SAMPLES.map(({ id }) => id).join(", ")}`);
  }
  const database = element.getAttribute("database") ?? undefined;
  const region = element.getAttribute("region") ?? undefined;
  const url = element.getAttribute("endpoint");
  return {
    database,
    endpoint: url === null ? undefined : new Endpoint({ url, name: database, region }),
    persistence: element.getAttribute("persistence") === "memory" ? "memory" : "auto",
    sample: found,
    ownsAddress: element.getAttribute("routing") === "hash",
  };
}

/** The place that `view` names: `requests`, `table/Music/items`, as in the address of the playground's own page. */
export function placeOf(view: string | null): Place {
  return { database: undefined, route: parseHash(`#/any/${view ?? "start"}`).route };
}

/** The theme that an attribute names; undefined for anything else, and so for the user's or the system's. */
export function themeOf(attribute: string | null): ThemeName | undefined {
  return attribute === "light" || attribute === "dark" ? attribute : undefined;
}
