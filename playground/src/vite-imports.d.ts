/** Imports that Vite resolves. */
declare module "*.css?inline" {
  const text: string;
  export default text;
}

/** The sandbox's runtime, bundled by `build/sdk-runtime-plugin.ts`. */
declare module "virtual:sdk-runtime" {
  const text: string;
  export default text;
}

interface ImportMeta {
  /** `KEPT_OFFLINE` is set by `build/offline-plugin.ts`. */
  readonly env: { readonly KEPT_OFFLINE?: boolean };
}
