// A visit that is written by the package alone: the AWS SDK cannot be had without a bundler.
import { countVisit } from "./count-visit.js";

export const visit = () => countVisit((db, input) => db.execute("UpdateItem", input));
