/** The figures as a table one can read in a terminal. */
import type { BackfillResult } from "../backfill/backfill.ts";
import type { FirstAnswerResult } from "../first/first.ts";
import type { GrowthResult } from "../growth/growth.ts";
import type { ImportResult } from "../import/import.ts";
import { LAYER_NAMES } from "../layers/layer.ts";
import type { OpeningResult } from "../opening/opening.ts";
import type { PlaygroundResult } from "../playground/playground.ts";
import { type Figure, median, pairedRatio } from "./statistics.ts";
import { judge, type Results } from "./targets.ts";

/** Columns of texts, padded to their widest; the first is set left, the others right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  return rows.map((row) =>
    `  ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join("  ")}`.trimEnd(),
  );
}

const micros = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0));

/** One mode: a line for each step and layer. */
function modeTable(figures: readonly Figure[], titles: ReadonlyMap<string, string>): string[] {
  const rows = [["µs a request", "median", "x floor", "p99", "max", "spread"]];
  for (const step of new Set(figures.map((figure) => figure.step))) {
    rows.push([titles.get(step) ?? step]);
    const ofStep = figures.filter((figure) => figure.step === step);
    const floor = ofStep.find(({ layer }) => layer === "floor");
    for (const layer of LAYER_NAMES) {
      const figure = ofStep.find((candidate) => candidate.layer === layer);
      if (!figure) continue;
      const times = floor ? pairedRatio(figure, [[1, floor]]).toFixed(2) : "";
      rows.push([
        `  ${layer}`,
        micros(figure.median),
        times,
        micros(figure.p99),
        micros(figure.max),
        `${Math.round(figure.spread * 100)}%`,
      ]);
    }
  }
  return columns(rows);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function growthTable(growth: readonly GrowthResult[]): string[] {
  const rows = [["µs, median", "put", "get", "query", "slowest put", "log at most", "SQLite's memory", "engine's"]];
  for (const { mode, layer, items, put, get, query, slowestPut, mostWal, sqliteMemory, engineMemory } of growth) {
    const slowest = slowestPut === 0 ? "" : `${slowestPut.toFixed(1)} ms`;
    const memory = [megabytes(sqliteMemory), layer === "engine" ? megabytes(engineMemory) : ""];
    rows.push([`${mode}, ${items} items, ${layer}`, micros(put), micros(get), micros(query), slowest, megabytes(mostWal), ...memory]);
  }
  return columns(rows);
}

function firstTable(first: readonly FirstAnswerResult[]): string[] {
  const rows = [["ms to the first answer, of", "open", "the page or process", "slowest"]];
  for (const { title, fromOpen, fromStart } of first) {
    rows.push([title, median(fromOpen).toFixed(0), median(fromStart).toFixed(0), Math.max(...fromStart).toFixed(0)]);
  }
  return columns(rows);
}

function openingTable(opening: readonly OpeningResult[]): string[] {
  const rows = [["ms", "median", "SQLite alone", "slowest"]];
  for (const { title, opened, floor } of opening) {
    rows.push([title, median(opened).toFixed(1), median(floor).toFixed(1), Math.max(...opened).toFixed(1)]);
  }
  return columns(rows);
}

function backfillTable(backfills: readonly BackfillResult[]): string[] {
  const rows = [["ms a request, one at a time", "requests", "median", "p99", "max"]];
  for (const { mode, items, idle, filling, seconds } of backfills) {
    for (const [title, { requests, median: middle, p99, max }] of [
      [`${mode}, ${items} items, idle`, idle],
      [`${mode}, while an index over them is filled (${seconds.toFixed(1)} s)`, filling],
    ] as const) {
      rows.push([title, String(requests), middle.toFixed(2), p99.toFixed(2), max.toFixed(2)]);
    }
  }
  return columns(rows);
}

function importTable(imported: readonly ImportResult[]): string[] {
  const rows = [["µs an item", "importItems", "loop of BatchWriteItem"]];
  for (const { title, mode, imported: took, looped } of imported) {
    rows.push([`${mode}, ${title}`, micros(median(took)), micros(median(looped))]);
  }
  return columns(rows);
}

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);

function playgroundTable({ firstLoad, transfers, interactions }: PlaygroundResult): string[] {
  const interactive = [["ms at 100,000 items", "median", "slowest"]];
  for (const { title, took } of interactions) interactive.push([title, median(took).toFixed(0), Math.max(...took).toFixed(0)]);
  const sent = transfers.reduce((sum, transfer) => sum + transfer.sent, 0);
  const loaded = [[`first load over 10 Mbit/s: ${(median(firstLoad) / 1000).toFixed(2)} s until the grid is filled`, "kB", "gzip kB"]];
  for (const { file, bytes, sent: packed } of transfers) loaded.push([file, kilobytes(bytes), kilobytes(packed)]);
  loaded.push(["together", "", kilobytes(sent)]);
  return [...columns(interactive), "", ...columns(loaded)];
}

/** Everything that was measured, the targets last. */
export function report(results: Results, titles: ReadonlyMap<string, string>): string {
  const { figures, growth, first, opening, backfills, imported, playground, machine } = results;
  const lines = [
    `${machine.cores} cores, load ${machine.load.toFixed(1)} at the start, Node ${machine.node}: believe ratios, not digits.`,
    "",
  ];
  for (const place of new Set(figures.map((figure) => figure.place))) {
    for (const mode of new Set(figures.filter((figure) => figure.place === place).map((figure) => figure.mode))) {
      lines.push(
        `${place}, ${mode}`,
        ...modeTable(
          figures.filter((figure) => figure.place === place && figure.mode === mode),
          titles,
        ),
        "",
      );
    }
  }
  if (growth.length > 0) lines.push("growth", ...growthTable(growth), "");
  if (backfills.length > 0) lines.push("an index that is filled", ...backfillTable(backfills), "");
  if (first.length > 0) lines.push("from nothing", ...firstTable(first), "");
  if (opening.length > 0) lines.push("opening", ...openingTable(opening), "");
  if (imported.length > 0) lines.push("import", ...importTable(imported), "");
  if (playground) lines.push("the playground", ...playgroundTable(playground), "");
  const verdicts = judge(results);
  if (verdicts.length > 0) {
    const rows = verdicts.map(({ work, target, result, met }) => [work, target, result, met ? "met" : "NOT MET"]);
    lines.push("targets", ...columns([["", "target", "result", ""], ...rows]));
  }
  return lines.join("\n");
}
