/** The SQL that ran for a request: what each statement is for, how often it ran, what it gave. */
import { signal } from "@preact/signals";
import type { RequestTrace, TracedStatement } from "dynatab";
import { counted } from "../values/counted.ts";
import { sqlMeaning, sqlPieces } from "./sql-text.ts";

/** Whether the statements are unfolded; they stay so from one request to the next. */
const unfolded = signal(false);

/** Several traces as one: the pages of one read. */
export function joinedTraces(traces: readonly RequestTrace[]): RequestTrace {
  const statements = new Map<string, TracedStatement>();
  const joined = { crossings: 0, bytesIn: 0, bytesOut: 0 };
  for (const trace of traces) {
    joined.crossings += trace.crossings;
    joined.bytesIn += trace.bytesIn;
    joined.bytesOut += trace.bytesOut;
    for (const { sql, executions, rows } of trace.statements) {
      const known = statements.get(sql) ?? { sql, executions: 0, rows: 0 };
      statements.set(sql, { sql, executions: known.executions + executions, rows: known.rows + rows });
    }
  }
  return { ...joined, statements: [...statements.values()] };
}

/** How often statements ran. */
export const executionsOf = ({ statements }: RequestTrace) => statements.reduce((sum, { executions }) => sum + executions, 0);

function Statement({ sql, executions, rows }: TracedStatement) {
  const reads = /^SELECT|RETURNING/.test(sql);
  return (
    <li>
      <p>
        {sqlMeaning(sql) ?? "Runs"}
        <span class="muted">
          {executions > 1 && ` · ${executions.toLocaleString("en")} times`}
          {reads && ` · ${counted(rows, "row")}`}
        </span>
      </p>
      <pre>
        <code>
          {sqlPieces(sql).map(({ kind, text }, at) => (kind === "text" ? text : <span key={at} class={`sql-${kind}`} children={text} />))}
        </code>
      </pre>
    </li>
  );
}

export function Statements({ trace }: { trace: RequestTrace }) {
  if (trace.statements.length === 0) return null;
  return (
    <details class="sql" open={unfolded.value} onToggle={({ currentTarget }) => (unfolded.value = currentTarget.open)}>
      <summary>The SQL that ran ({trace.statements.length})</summary>
      <p class="muted">
        A table or index of DynamoDB is a table of SQLite: <code>t1</code> holds items, <code>t1_g1</code> and <code>t1_l1</code> the
        entries of a global and a local index. <code>h</code> is the hash of the partition key; <code>pk</code> and <code>sk</code> are the
        keys, written so that their order as text is DynamoDB's order.
      </p>
      <ol class="statements" aria-label="Statements">
        {trace.statements.map((statement) => (
          <Statement key={statement.sql} {...statement} />
        ))}
      </ol>
    </details>
  );
}
