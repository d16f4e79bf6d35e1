/** The figures as a picture for the documentation: for each step the layers as bars, as multiples of the floor. */
import { LAYER_NAMES, type LayerName } from "../layers/layer.ts";
import type { Figure } from "./statistics.ts";

const COLOURS: Record<LayerName, string> = {
  stock: "#9aa0a6",
  floor: "#5f6368",
  engine: "#1a73e8",
  echo: "#d2a106",
  asked: "#b06000",
  page: "#188038",
  sdk: "#a142f4",
};
const WIDTH = 860;
const LABEL = 330;
const BAR = 11;
const GAP = 14;
/** Bars are drawn on a logarithmic scale from a tenth of the floor to a thousand times it. */
const [LOW, HIGH] = [-1, 3];

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const written = (micros: number) =>
  micros < 1000 ? `${micros < 10 ? micros.toFixed(1) : micros.toFixed(0)} µs` : `${(micros / 1000).toFixed(1)} ms`;

/** An SVG of the steps of one place and mode. */
export function chart(figures: readonly Figure[], titles: ReadonlyMap<string, string>, caption: string): string {
  const parts: string[] = [];
  const room = WIDTH - LABEL - 120;
  const at = (times: number) => LABEL + (room * (Math.min(HIGH, Math.max(LOW, Math.log10(times))) - LOW)) / (HIGH - LOW);
  let y = 56;
  for (const step of new Set(figures.map((figure) => figure.step))) {
    const ofStep = figures.filter((figure) => figure.step === step);
    const floor = ofStep.find(({ layer }) => layer === "floor")?.median;
    if (floor === undefined) continue;
    const bars = LAYER_NAMES.flatMap((layer) => ofStep.filter((figure) => figure.layer === layer));
    parts.push(
      `<text x="${LABEL - 10}" y="${y + (bars.length * BAR) / 2 + 4}" text-anchor="end">${escaped(titles.get(step) ?? step)}</text>`,
    );
    for (const { layer, median } of bars) {
      const end = at(median / floor);
      const colour = COLOURS[layer as LayerName];
      parts.push(`<rect x="${LABEL}" y="${y}" width="${(end - LABEL).toFixed(1)}" height="${BAR - 2}" fill="${colour}"/>`);
      parts.push(`<text class="small" x="${(end + 5).toFixed(1)}" y="${y + BAR - 3}">${layer} ${written(median)}</text>`);
      y += BAR;
    }
    y += GAP;
  }
  const lines = [0.1, 1, 10, 100, 1000].map((times) => {
    const x = at(times).toFixed(1);
    return `<line x1="${x}" y1="46" x2="${x}" y2="${y}" stroke="#dadce0"/><text class="small" x="${x}" y="40" text-anchor="middle">${times}x</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 10}" font-family="system-ui, sans-serif" font-size="12">
<style>text { fill: #3c4043 } .small { font-size: 9px } @media (prefers-color-scheme: dark) { text { fill: #e8eaed } }</style>
<text x="10" y="20" font-size="14">${escaped(caption)}</text>
${[...lines, ...parts].join("\n")}
</svg>
`;
}
