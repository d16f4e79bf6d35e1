const { Dynatab } = require("dynatab");
const byPath = require("dynatab/node");
const { report } = require("./report.cjs");

if (byPath.Dynatab !== Dynatab) throw new Error("dynatab/node is another module");
report(Dynatab);
