/** A table's stream, live: every write with what it changed, and a way back. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import type { TableDescription } from "../tables/description.ts";
import { type AttributeValue, sameItem } from "../values/attribute-value.ts";
import { counted } from "../values/counted.ts";
import { cellText } from "../values/display.ts";
import { imageChanges, keyText, undoRequest } from "./record-diff.ts";
import { type StreamRecord, tail } from "./stream-tail.ts";

/** Records shown; older ones are in the stream, not on the page. */
const SHOWN = 300;

const EVENTS = { INSERT: "inserted", MODIFY: "modified", REMOVE: "removed" } as const;

function useRecords({ TableName: table, LatestStreamArn: arn }: TableDescription): StreamRecord[] {
  const app = useApp();
  const [records, setRecords] = useState<StreamRecord[]>([]);
  useEffect(() => {
    const database = app.open;
    const stop = new AbortController();
    const { signal } = stop;
    setRecords([]);
    tail(database, { table, arn: arn!, most: SHOWN, signal }, (found) =>
      setRecords((before) => [...found, ...before].slice(0, SHOWN)),
    ).catch((error) => {
      const { state } = app.database.peek();
      if (!signal.aborted && state === "open" && app.open === database) app.sayError(error);
    });
    return () => stop.abort();
  }, [app, table, arn]);
  return records;
}

function Side({ sign, value }: { sign: "-" | "+"; value: AttributeValue | undefined }) {
  if (value === undefined) return null;
  return (
    <span class={sign === "-" ? "diff-old" : "diff-new"}>
      <span class="hidden">{sign === "-" ? "before: " : "after: "}</span>
      {cellText(value)}
    </span>
  );
}

function Entry({ table, record }: { table: TableDescription; record: StreamRecord }) {
  const app = useApp();
  const { keys, newImage, oldImage } = record;
  const changes = imageChanges(oldImage, newImage);
  const undo = undoRequest(table.TableName, record);
  const takeBack = async () => {
    const { Item } = await app.open.ask("GetItem", { TableName: table.TableName, Key: keys, ConsistentRead: true });
    const asWritten =
      newImage === undefined ? Item === undefined || record.eventName !== "REMOVE" : Item !== undefined && sameItem(Item, newImage);
    const yes =
      asWritten ||
      (await app.dialogs.confirm({
        title: "The item has changed since",
        text: "Taking this write back would also undo the later ones.",
        yes: "Take it back",
        danger: true,
      }));
    if (!yes || !undo) return;
    await app.run(undo.operation, undo.input);
    await app.refreshTables();
    app.say("Taken back", keyText(table, keys));
  };
  return (
    <li class="record" data-event={record.eventName}>
      <div class="record-head">
        <span class="badge event">{EVENTS[record.eventName]}</span>
        <strong class="record-key">{keyText(table, keys)}</strong>
        {record.userIdentity && <span class="badge">{record.userIdentity.PrincipalId === "dynatab" ? "evicted" : "by TTL"}</span>}
        <span class="spacer" />
        <span class="muted small-text">{new Date(record.at).toLocaleTimeString()}</span>
        <button
          type="button"
          class="small"
          disabled={undo === undefined}
          title={undo === undefined ? "The stream does not carry the old image" : undefined}
          onClick={() => app.attempt(takeBack)}
        >
          <Icon name="undo" /> Undo
        </button>
      </div>
      {changes.length > 0 && (
        <dl class="diff">
          {changes.map(({ name, before, after }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Side sign="-" value={before} />
                <Side sign="+" value={after} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

function Tail({ table }: { table: TableDescription }) {
  const records = useRecords(table);
  return (
    <div class="stream">
      <p class="muted" role="status">
        {records.length === 0
          ? "Nothing has been written yet. Writes appear here as they happen."
          : `${records.length === SHOWN ? "The latest " : ""}${counted(records.length, "write")}, the newest first`}
      </p>
      <ol class="records" aria-label={`Writes to ${table.TableName}`}>
        {records.map((record) => (
          <Entry key={record.eventID} table={table} record={record} />
        ))}
      </ol>
    </div>
  );
}

export function StreamView({ table }: { table: TableDescription }) {
  const app = useApp();
  if (table.LatestStreamArn !== undefined && table.StreamSpecification?.StreamEnabled) return <Tail table={table} />;
  const enable = () =>
    app.attempt(() =>
      app.run("UpdateTable", {
        TableName: table.TableName,
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      }),
    );
  return (
    <div class="page">
      <p>This table has no stream. With one, every write is recorded for 24 hours with the item as it was before and after.</p>
      <div class="buttons">
        <button type="button" class="primary" onClick={enable}>
          Enable stream
        </button>
      </div>
    </div>
  );
}
