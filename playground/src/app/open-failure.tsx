/** Shown where a database cannot be opened: why, and what can be done about it. */
import { Icon } from "../controls/icon.tsx";
import { useApp } from "./context.ts";

/** Tabs of one release share a database; these are the cases in which they cannot. */
const ADVICE: Record<string, string> = {
  DatabaseBusyError: "Tabs of this page share a database, but whoever has this one open does not. Close it there, then try again.",
  LeaderUnresponsiveError:
    "This tab reaches the database through the tab that has it open, and that one does not answer: it may be stopped in a debugger, or busy. Look at it or close it, then try again.",
  VersionMismatchError: "Another tab, or the database itself, is of a newer release. Reload this page.",
  DatabaseCorruptError: "Its files are left as they are.",
};

export function OpenFailure({ name, error }: { name: string; error: Error }) {
  const app = useApp();
  const advice = ADVICE[error.name];
  return (
    <section class="panel failure" role="alert" aria-labelledby="failure-heading">
      <h1 id="failure-heading">
        <Icon name="warning" /> {app.endpoint ? `${name} cannot be reached` : `The database ${name} cannot be opened`}
      </h1>
      <p>
        <strong>{error.name}</strong> {error.message}
      </p>
      {advice !== undefined && <p>{advice}</p>}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => app.openDatabase(name)}>
          Try again
        </button>
        {!app.endpoint && (
          <>
            <button type="button" onClick={() => app.go({ view: "databases" })}>
              Other databases
            </button>
            <button type="button" onClick={() => app.openDatabase(`${name}-memory`.slice(0, 100), { persistence: "memory" })}>
              An empty one in memory
            </button>
          </>
        )}
      </div>
    </section>
  );
}
