/** Bundles the bench's program, its page and its workers into a folder, which is returned. */
export function bundleBench(outdir?: string, engine?: string): Promise<string>;
