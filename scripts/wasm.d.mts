/** Where the module of a variant is built to. */
export function wasmDir(variant: "product" | "test"): string;
