import { Dynatab } from "dynatab";
import * as byPath from "dynatab/node";
import { report } from "./report.cjs";

await report(Dynatab);
if (byPath.Dynatab !== Dynatab) throw new Error("dynatab/node is another module");
