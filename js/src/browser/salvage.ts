/** What salvaging needs in a browser. Loaded only when it is asked for: a page whose databases are sound needs none of it. */
export { Salvage } from "../salvage/salvage.ts";
export { databaseFiles } from "./databases.ts";
