/** Lists changed in one place, as new lists: what `with` and `toSpliced` do, which the oldest browsers the package runs in do not have. */

/** The list with another member at a place. */
export function replaced<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((each, place) => (place === at ? value : each));
}

/** The list without the member at a place. */
export function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, place) => place !== at);
}
