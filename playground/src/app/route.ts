/** Addresses inside the page, kept in its hash: `#/shop/table/Shop/items`. */
import { type Signal, signal } from "@preact/signals";
import { SHARE_PREFIX } from "../share/share-prefix.ts";

/** The views of a table. */
export const TABLE_VIEWS = ["items", "groups", "stream", "definition"] as const;
export type TableView = (typeof TABLE_VIEWS)[number];

export type Route =
  | { view: "start" }
  | { view: "databases" }
  | { view: "create" }
  | { view: "requests" }
  | { view: "share" }
  | { view: "shared"; hash: string }
  | { view: "table"; table: string; part: TableView };

/** Where the page is: a database's name, undefined for the one used last, and a view. */
export interface Place {
  database: string | undefined;
  route: Route;
}

const isTableView = (text: string | undefined): text is TableView => (TABLE_VIEWS as readonly string[]).includes(text ?? "");

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Reads a hash; whatever is no address of ours is the start. */
export function parseHash(hash: string): Place {
  if (hash.startsWith(SHARE_PREFIX)) return { database: undefined, route: { view: "shared", hash } };
  const [start, database, view, table, part] = hash.split("/").map(decoded);
  if (start !== "#" || !database) return { database: undefined, route: { view: "start" } };
  if (view === "table" && table) return { database, route: { view, table, part: isTableView(part) ? part : "items" } };
  if (view === "databases" || view === "create" || view === "requests" || view === "share") return { database, route: { view } };
  return { database, route: { view: "start" } };
}

/** The hash of a place. */
export function hashOf({ database, route }: { database: string; route: Route }): string {
  if (route.view === "shared") return route.hash;
  const words = ["#", database, route.view];
  if (route.view === "table") words.push(route.table, route.part);
  return words.map((word, at) => (at === 0 ? word : encodeURIComponent(word))).join("/");
}

/** Where the current place is kept: in the page's hash, or, in somebody else's page, in memory only. */
export interface Router {
  readonly place: Signal<Place>;
  /** Goes there. `replace` leaves no step to go back to. */
  go(place: { database: string; route: Route }, replace?: boolean): void;
  close(): void;
}

/** A router over the page's hash; `first` is where it begins while that is empty. */
export function hashRouter(first: Place): Router {
  const place = signal(location.hash === "" ? first : parseHash(location.hash));
  const changed = () => {
    place.value = parseHash(location.hash);
  };
  addEventListener("hashchange", changed);
  return {
    place,
    go(to, replace = false) {
      const hash = hashOf(to);
      if (hash === location.hash) return;
      if (replace) {
        history.replaceState(null, "", hash);
        changed();
      } else location.hash = hash;
    },
    close: () => removeEventListener("hashchange", changed),
  };
}

/** A router that leaves the page's address alone. */
export function memoryRouter(first: Place): Router {
  const place = signal(first);
  return {
    place,
    go(to) {
      place.value = to;
    },
    close() {},
  };
}
