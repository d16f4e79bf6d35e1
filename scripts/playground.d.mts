import type { InlineConfig, PreviewServer, ViteDevServer } from "vite";

/** Serves the playground from its sources and returns Vite's server, listening. */
export function servePlayground(config?: InlineConfig): Promise<ViteDevServer>;

/** Builds the page into `dist/playground`, or into another folder, which is returned. */
export function buildPlayground(outDir?: string, config?: InlineConfig): Promise<string>;

/** Serves the built page. */
export function serveBuiltPlayground(config?: InlineConfig): Promise<PreviewServer>;
