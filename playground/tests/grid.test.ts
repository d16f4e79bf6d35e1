/** The grid's order and columns, apart from how they are drawn. */
import { describe, expect, it } from "vitest";
import { fitColumn, itemColumns, moveColumn, PLAIN_LAYOUT, placedColumns, resizeColumn, showColumn } from "../src/items/columns.ts";
import { pageOrder } from "../src/items/sort-items.ts";
import type { AttributeValue, Item } from "../src/values/attribute-value.ts";

const items = (...values: (AttributeValue | undefined)[]): Item[] =>
  values.map((value) => (value === undefined ? {} : { name: value })) as Item[];
const sorted = (values: Item[], forward: boolean) => pageOrder(values, { name: "name", forward });

describe("rows in the page's own order", () => {
  it("sort numbers as numbers, to their last digit", () => {
    const numbers = ["10", "9", "-1", "0.5", "12345678901234567890123456789012345679", "12345678901234567890123456789012345678"];
    expect(sorted(items(...numbers.map((N) => ({ N }))), true)).toEqual([2, 3, 1, 0, 5, 4]);
    expect(sorted(items(...numbers.map((N) => ({ N }))), false)).toEqual([4, 5, 0, 1, 3, 2]);
    const close = [
      "-1.00000000000000000002",
      "-1.00000000000000000001",
      "-1",
      "99999999999999999999",
      "100000000000000000000",
      "99999999999999999999.5",
    ];
    expect(sorted(items(...close.map((N) => ({ N }))), true)).toEqual([0, 1, 2, 3, 5, 4]);
  });

  it("keep types together, equal values as they were, and items without the attribute at the end either way", () => {
    const mixed = items({ S: "b" }, undefined, { N: "2" }, { S: "a" }, { BOOL: true }, { M: {} }, { S: "b" }, { BOOL: false }, { L: [] });
    expect(sorted(mixed, true)).toEqual([2, 3, 0, 6, 7, 4, 5, 8, 1]);
    expect(sorted(mixed, false)).toEqual([5, 8, 4, 7, 0, 6, 3, 2, 1]);
  });

  it("sort binary values by their bytes, not by their text", () => {
    expect(sorted(items({ B: "/w==" }, { B: "AA==" }, { B: "gA==" }), true)).toEqual([1, 2, 0]);
  });

  it("take any attribute's name for a name", () => {
    const strange = ["b", "a"].map((S) => Object.fromEntries([["__proto__", { S }]]) as Item);
    expect(pageOrder(strange, { name: "__proto__", forward: true })).toEqual([1, 0]);
    expect(pageOrder(strange, { name: "constructor", forward: true })).toEqual([0, 1]);
  });
});

describe("columns", () => {
  const found = itemColumns([{ a: { S: "x" }, b: { N: "1" }, c: { BOOL: true } }], ["id", "a"]);
  const names = (layout = PLAIN_LAYOUT) => placedColumns(found, layout).flatMap(({ name, shown }) => (shown ? name : []));

  it("are the attributes that items have, keys first", () => {
    expect(names()).toEqual(["a", "b", "c"]);
    expect(itemColumns([], ["id"]).map(({ name }) => name)).toEqual(["id"]);
  });

  it("are moved among those that are drawn, no further than the ends", () => {
    const moved = moveColumn(PLAIN_LAYOUT, names(), "a", 1);
    expect(names(moved)).toEqual(["b", "a", "c"]);
    expect(names(moveColumn(moved, names(moved), "c", -5))).toEqual(["c", "b", "a"]);
    const hidden = showColumn(PLAIN_LAYOUT, "b", false);
    expect(names(moveColumn(hidden, names(hidden), "c", -1))).toEqual(["c", "a"]);
    expect(names(showColumn(moveColumn(hidden, names(hidden), "c", -1), "b", true))).toEqual(["c", "a", "b"]);
  });

  it("have the width they were given until they are fitted again", () => {
    const width = (layout = PLAIN_LAYOUT) => placedColumns(found, layout)[0]!.width;
    const wide = resizeColumn(PLAIN_LAYOUT, "a", 333.4);
    expect(width(wide)).toBe(333);
    expect(width(resizeColumn(wide, "a", -10))).toBe(40);
    expect(width(fitColumn(wide, "a"))).toBe(width());
  });

  it("are forty unless the user puts more in", () => {
    const many = itemColumns([Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`n${at}`, { S: "x" }]))], []);
    const shown = (layout = PLAIN_LAYOUT) => placedColumns(many, layout).filter((each) => each.shown).length;
    expect([shown(), shown(showColumn(PLAIN_LAYOUT, "n49", true))]).toEqual([40, 41]);
  });
});
