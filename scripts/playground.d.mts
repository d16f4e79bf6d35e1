import type { InlineConfig, ViteDevServer } from "vite";

/** Serves the playground and returns Vite's server, listening. */
export function servePlayground(config?: InlineConfig): Promise<ViteDevServer>;
