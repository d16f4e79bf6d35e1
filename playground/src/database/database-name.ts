/** What may name a database. */

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/;

/** What is wrong with a database's name, if anything. */
export function databaseNameProblem(name: string): string | undefined {
  if (name === "") return "A database needs a name.";
  return NAME.test(name) ? undefined : "Use 1 to 128 letters, digits, _, - and ., not starting with a dot.";
}
