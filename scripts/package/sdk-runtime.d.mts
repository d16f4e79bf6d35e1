import type { Metafile } from "esbuild";

/** The playground's sandbox runtime as one text, and esbuild's account of what went into it. */
export function sdkRuntime(): Promise<{ text: string; metafile: Metafile }>;
