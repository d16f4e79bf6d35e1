/** Shown where a database cannot be opened: why, and what can be done about it. */
import { Icon } from "../controls/icon.tsx";
import { useApp } from "./context.ts";

export function OpenFailure({ name, error }: { name: string; error: Error }) {
  const app = useApp();
  const busy = error.name === "DatabaseBusyError";
  return (
    <section class="panel failure" role="alert" aria-labelledby="failure-heading">
      <h1 id="failure-heading">
        <Icon name="warning" /> {app.endpoint ? `${name} cannot be reached` : `The database ${name} cannot be opened`}
      </h1>
      <p>
        <strong>{error.name}</strong> {error.message}
      </p>
      {busy && <p>Another tab has it open. Close that tab and try again, or open another database here.</p>}
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
