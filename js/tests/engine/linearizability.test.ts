/** The checker itself: what it must accept, and that it rejects what must not happen. */
import { describe, expect, test } from "vitest";
import { type Call, contradiction } from "./linearizability.ts";

/** A register and a counter. */
interface State {
  value: string;
  count: number;
}

type Times = readonly [invoked: number, returned: number];
const NEVER_HEARD = Number.POSITIVE_INFINITY;

function call(told: string, [invoked, returned]: Times, apply: (state: State) => State | undefined): Call<State> {
  return { told, invoked, returned, apply };
}
const write = (value: string, times: Times) => call(`write ${value}`, times, (state) => ({ ...state, value }));
const read = (value: string, times: Times) => call(`read ${value}`, times, (state) => (state.value === value ? state : undefined));
const add = (result: number, times: Times) =>
  call(`add gives ${result}`, times, (state) => (state.count + 1 === result ? { ...state, count: result } : undefined));
const addUnheard = (invoked: number) => call("add", [invoked, NEVER_HEARD], (state) => ({ ...state, count: state.count + 1 }));
const readBoth = (value: string, count: number, times: Times) =>
  call(`read ${value} and ${count}`, times, (state) => (state.value === value && state.count === count ? state : undefined));

const check = (history: Call<State>[]) => contradiction(history, { value: "a", count: 0 }, JSON.stringify);

describe("accepted:", () => {
  test.each<[string, Call<State>[]]>([
    ["nothing", []],
    ["calls one after another", [write("b", [1, 2]), read("b", [3, 4]), add(1, [5, 6]), add(2, [7, 8])]],
    ["a read beside a write that sees it", [write("b", [1, 4]), read("b", [2, 3])]],
    ["a read beside a write that does not", [write("b", [1, 4]), read("a", [2, 3])]],
    ["two reads beside a write, the old value first", [write("b", [1, 6]), read("a", [2, 3]), read("b", [4, 5])]],
    ["writes at once, in the order that later reads tell", [write("b", [1, 4]), write("c", [2, 3]), read("b", [5, 6])]],
    ["an unheard write that happened", [write("b", [1, NEVER_HEARD]), read("a", [2, 3]), read("b", [4, 5])]],
    ["an unheard write that did not", [write("b", [1, NEVER_HEARD]), read("a", [2, 3])]],
    ["an unheard addition, seen by the next", [addUnheard(1), add(1, [2, 3]), add(3, [4, 5])]],
    ["a read of two things between their writes", [write("b", [1, 2]), add(1, [3, 8]), readBoth("b", 0, [4, 5]), readBoth("b", 1, [6, 7])]],
  ])("%s", (_told, history) => {
    expect(check(history)).toBeUndefined();
  });
});

describe("rejected:", () => {
  test.each<[string, Call<State>[]]>([
    ["a read of what nobody wrote", [read("x", [1, 2])]],
    ["a stale read", [write("b", [1, 2]), read("a", [3, 4])]],
    ["a read of the future", [read("b", [1, 2]), write("b", [3, 4])]],
    ["a value that goes back", [write("b", [1, 6]), read("b", [2, 3]), read("a", [4, 5])]],
    ["a lost addition", [add(1, [1, 2]), add(1, [3, 4])]],
    ["an addition that happened twice", [add(1, [1, 2]), add(3, [3, 4])]],
    ["additions at once that hear the same", [add(1, [1, 4]), add(1, [2, 3])]],
    ["an unheard addition that happened twice", [addUnheard(1), add(3, [2, 3])]],
    ["a write that was refused and is there", [read("refused", [3, 4])]],
    ["an unheard write before its invocation", [read("b", [1, 2]), write("b", [3, NEVER_HEARD])]],
    [
      "reads of two things that no one order explains",
      [write("b", [1, 8]), add(1, [2, 7]), readBoth("b", 0, [3, 4]), readBoth("a", 1, [5, 6])],
    ],
  ])("%s", (_told, history) => {
    expect(check(history)).toBeDefined();
  });

  test("with the longest beginning that can be explained", () => {
    expect(check([write("b", [1, 2]), read("b", [3, 4]), read("a", [5, 6]), write("c", [7, 8])])).toEqual({
      explained: ["write b", "read b"],
      state: '{"value":"b","count":0}',
      stuck: ["read a"],
    });
  });
});

test("a long history of many at once is decided", () => {
  const history: Call<State>[] = [];
  for (let n = 0; n < 300; n += 1) history.push(add(n + 1, [n, n + 6.5]));
  expect(check(history)).toBeUndefined();
  history.push(add(300, [400, 401]));
  expect(check(history)).toBeDefined();
});
