/**
 * dynatab in Node: the same database without a browser, in this process, and as an HTTP endpoint.
 *
 * ```ts
 * import { Dynatab, serve } from "dynatab/node";
 * const db = await Dynatab.open("test");
 * const endpoint = await serve({ port: 8000, db });
 * ```
 */

export * from "../public.ts";
export type { NodeAssetOptions } from "./assets.ts";
export { Dynatab, type OpenOptions } from "./open.ts";
export { type Endpoint, type ServeOptions, serve } from "./serve.ts";
