/** What becomes of the marks: figures for a table, in microseconds for one request. */
import type { Samples } from "../run/rounds.ts";

/** One step in one layer and mode. Times are microseconds for one request, where several are made at once for its share. */
export interface Figure {
  readonly place: "node" | "chromium";
  readonly mode: string;
  readonly step: string;
  readonly layer: string;
  /** Of the means over groups of consecutive operations: a browser's clock is too coarse for a single one. */
  readonly median: number;
  /** Of single operations. */
  readonly p99: number;
  readonly max: number;
  /** How far apart the rounds' own medians are, in parts of the median. */
  readonly spread: number;
  readonly samples: number;
  /** Each round's own median. Figures of one round were taken within a second or two: ratios are theirs. */
  readonly rounds: readonly number[];
}

/** Groups a round is cut into. */
const GROUPS = 20;

/** The value below which a part of the values lie. Values must be sorted. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? Number.NaN;
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** The median over the rounds of what one figure is in parts of others' sum, each of which may be weighed. */
export function pairedRatio(figure: Figure, parts: readonly (readonly [weight: number, figure: Figure])[]): number {
  return median(figure.rounds.map((own, round) => own / parts.reduce((sum, [weight, part]) => sum + weight * part.rounds[round]!, 0)));
}

/** Means over groups of consecutive operations, from the marks of a round. */
function groupMeans(marks: readonly number[]): number[] {
  const size = Math.max(1, Math.floor(marks.length / GROUPS));
  const means: number[] = [];
  for (let end = size; end <= marks.length; end += size) means.push((marks[end - 1]! - (marks[end - size - 1] ?? 0)) / size);
  return means;
}

/** Sums one step's samples up; `width` is how many requests an operation is made of. */
export function summarize(place: Figure["place"], { step, layer, mode, rounds }: Samples, width: number): Figure {
  const micros = (ms: number) => (ms * 1000) / width;
  const single = ascending(rounds.flatMap((marks) => marks.map((mark, n) => micros(mark - (marks[n - 1] ?? 0)))));
  const whole = median(rounds.flatMap(groupMeans).map(micros));
  const ofRounds = rounds.map((marks) => micros(median(groupMeans(marks))));
  return {
    place,
    mode,
    step,
    layer,
    median: whole,
    p99: quantile(single, 0.99),
    max: single.at(-1) ?? Number.NaN,
    spread: (Math.max(...ofRounds) - Math.min(...ofRounds)) / whole,
    samples: single.length,
    rounds: ofRounds,
  };
}
