/** A table's stream, live: every write with what it changed, and a way back. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import { Icon } from "../controls/icon.tsx";
import type { TableDescription } from "../tables/description.ts";
import { type AttributeValue, sameItem } from "../values/attribute-value.ts";
import { cellText } from "../values/display.ts";
import { imageChanges, undoRequest } from "./record-diff.ts";
import { StreamReader, type StreamRecord } from "./stream-reader.ts";

/** Between two looks; a write of this page is looked for at once. */
const EVERY_MS = 1000;
/** Records shown; older ones are in the stream, not on the page. */
const SHOWN = 300;

const EVENTS = { INSERT: "inserted", MODIFY: "modified", REMOVE: "removed" } as const;

function useRecords(table: TableDescription): StreamRecord[] {
  const app = useApp();
  const [records, setRecords] = useState<StreamRecord[]>([]);
  const reader = useRef<StreamReader>(null as unknown as StreamReader);
  const busy = useRef(false);
  const arn = table.LatestStreamArn!;
  const look = async () => {
    if (busy.current || document.hidden) return;
    busy.current = true;
    try {
      const found = await reader.current.read();
      if (found.length > 0) setRecords((before) => [...found.reverse(), ...before].slice(0, SHOWN));
    } catch (error) {
      app.sayError(error);
    } finally {
      busy.current = false;
    }
  };
  useEffect(() => {
    reader.current = new StreamReader(app.open, arn);
    setRecords([]);
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [app, arn]);
  useEffect(() => app.writes.subscribe(() => void look()), [app, arn]);
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
  const { Keys, NewImage, OldImage, ApproximateCreationDateTime: at } = record.dynamodb;
  const changes = imageChanges(OldImage, NewImage);
  const undo = undoRequest(table.TableName, record);
  const takeBack = async () => {
    const { Item } = await app.open.ask("GetItem", { TableName: table.TableName, Key: Keys, ConsistentRead: true });
    const asWritten =
      NewImage === undefined ? Item === undefined || record.eventName !== "REMOVE" : Item !== undefined && sameItem(Item, NewImage);
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
    app.say("Taken back", Object.values(Keys).map(cellText).join(" / "));
  };
  return (
    <li class="record" data-event={record.eventName}>
      <div class="record-head">
        <span class="badge event">{EVENTS[record.eventName]}</span>
        <strong class="record-key">{Object.values(Keys).map(cellText).join(" / ")}</strong>
        {record.userIdentity?.type === "Service" && <span class="badge">by TTL</span>}
        <span class="spacer" />
        <span class="muted small-text">{at === undefined ? "" : new Date(at * 1000).toLocaleTimeString()}</span>
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
          : `${records.length} writes, the newest first`}
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
