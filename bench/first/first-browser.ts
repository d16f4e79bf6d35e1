/**
 * The first answer in a page of a tab of its own: with nothing in the browser's cache, and with everything, compiled modules included as far as
 * the browser keeps them.
 */
import type { BenchBrowser } from "../run/browser.ts";
import { type FirstAnswerResult, measureFirst } from "./first.ts";

export function measureFirstInBrowser(browser: BenchBrowser, repeats: number): Promise<FirstAnswerResult[]> {
  const places = [
    { place: "in memory", database: undefined },
    { place: "OPFS", database: "first" },
  ];
  const kinds = places.flatMap(({ place, database }) =>
    [true, false].map((cold) => ({
      title: `a page, ${place}, ${cold ? "nothing cached" : "files in the browser's cache"}`,
      measure: (repeat: number) => browser.firstAnswer(database && `${database}-${repeat}`, cold),
    })),
  );
  return measureFirst(kinds, repeats);
}
