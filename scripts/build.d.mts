/** Builds one variant of the package and returns its directory. */
export function buildPackage(variant?: "product" | "test"): Promise<string>;
/** Where a variant of the package is built. */
export function packageDir(variant: "product" | "test"): string;
