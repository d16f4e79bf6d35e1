import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { citations, readRules, rustTests, scriptTests } from "../rules.mjs";
import { run } from "../run.mjs";

it("docs/rules.md says which tests cite which rule today", async () => {
  await run("node", [fileURLToPath(new URL("../rules.mjs", import.meta.url)), "--check"]);
});

it("every rule from 1 to 118 is read, two on a line too, and every part that has no rules but text", () => {
  const ids = readRules(readFileSync(new URL("../../docs/behaviour/rules.md", import.meta.url), "utf8")).map(({ id }) => id);
  const numbers = Array.from({ length: 118 }, (_, at) => String(at + 1));
  const parts = Array.from({ length: 10 }, (_, at) => `A${at + 1}`);
  expect(ids).toEqual([...parts, ...numbers, "C", "D"]);
});

describe("citations", () => {
  it.each([
    ["rule 59: these buckets are 0, 1, 4", ["59"]],
    ["rules 24, 26-29, A5; messages-items 4, 5", ["24", "26", "27", "28", "29", "A5", "items 4", "items 5"]],
    ["rules 62, 68 with part D on 65", ["62", "68", "65", "D"]],
    ["Part D on rules 26 and 30.", ["26", "30", "D"]],
    ["part C, messages-tables 2 and 98, 62a", ["C", "tables 2", "tables 98", "tables 62a"]],
    ["ten items, 3 sections of messages, rules of thumb", []],
  ])("of %j", (text, ids) => {
    expect(citations(text).sort()).toEqual([...ids].sort());
  });
});

it("a comment counts for the test it stands in or right above, and nowhere else", () => {
  const rust = `//! Rules 1-3.
/// rule 4
fn stands_outside() {}

// rule 5
#[test]
#[should_panic]
fn the_first() {
    // rule 6
    let not_a_comment = "rule 7";
}

// rule 8

#[test]
fn the_second_of_rule_9() {}
`;
  const cited = rustTests(rust).map(({ name, about }) => [name, citations(`${name} . ${about}`)]);
  expect(cited).toEqual([
    ["the first", ["5", "6"]],
    ["the second of rule 9", ["9"]],
  ]);
  const script = `// rule 1
const outside = 1; // rule 2

describe("things", () => {
  // rule 3
  test("one", () => {
    // rule 4
  });

  it.each([
    ["a", 1], // rule 5
  ])("of %s", (text) => {
    expect(text).toBe("x"); // rule 6
  });
});
`;
  const found = scriptTests(script).map(({ name, about }) => [name, citations(`${name} . ${about}`)]);
  expect(found).toEqual([
    ["one", ["3", "4"]],
    ["of %s", ["5", "6"]],
  ]);
});
