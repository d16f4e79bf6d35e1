/** A table's settings, each changed by the request DynamoDB has for it. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import type { TableDescription } from "./description.ts";

interface TimeToLive {
  TimeToLiveStatus?: string;
  AttributeName?: string;
}

function StreamSetting({ table }: { table: TableDescription }) {
  const app = useApp();
  const now = table.StreamSpecification?.StreamEnabled ? (table.StreamSpecification.StreamViewType ?? "") : "";
  const [choice, setChoice] = useState("NEW_AND_OLD_IMAGES");
  const set = (StreamSpecification: object) =>
    app.attempt(() => app.run("UpdateTable", { TableName: table.TableName, StreamSpecification }));
  return (
    <div class="setting">
      <h3>Stream</h3>
      <p class="muted">{now === "" ? "Changes are not recorded." : `Changes are recorded for 24 hours: ${now}.`}</p>
      {now === "" ? (
        <div class="inline-form">
          <label class="field narrow">
            <span>What is recorded</span>
            <select value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
              <option value="NEW_AND_OLD_IMAGES">New and old images</option>
              <option value="NEW_IMAGE">New images</option>
              <option value="OLD_IMAGE">Old images</option>
              <option value="KEYS_ONLY">Keys only</option>
            </select>
          </label>
          <button type="button" onClick={() => set({ StreamEnabled: true, StreamViewType: choice })}>
            Enable stream
          </button>
        </div>
      ) : (
        <button type="button" onClick={() => set({ StreamEnabled: false })}>
          Disable stream
        </button>
      )}
    </div>
  );
}

function TimeToLiveSetting({ table }: { table: TableDescription }) {
  const app = useApp();
  const [found, setFound] = useState<TimeToLive>({});
  const [name, setName] = useState("expires");
  const read = async () => {
    const { TimeToLiveDescription } = await app.open.ask("DescribeTimeToLive", { TableName: table.TableName });
    setFound(TimeToLiveDescription as TimeToLive);
  };
  useEffect(() => void app.attempt(read), [table.TableName]);
  const enabled = found.TimeToLiveStatus === "ENABLED" || found.TimeToLiveStatus === "ENABLING";
  const set = (Enabled: boolean, AttributeName: string) =>
    app.attempt(async () => {
      await app.run("UpdateTimeToLive", { TableName: table.TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
      await read();
    });
  return (
    <div class="setting">
      <h3>Time to live</h3>
      <p class="muted">{enabled ? `Items are deleted after the time in ${found.AttributeName}.` : "Items do not expire."}</p>
      {enabled ? (
        <button type="button" onClick={() => set(false, found.AttributeName ?? "")}>
          Disable TTL
        </button>
      ) : (
        <div class="inline-form">
          <label class="field narrow">
            <span>TTL attribute</span>
            <input value={name} spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <button type="button" onClick={() => set(true, name)}>
            Enable TTL
          </button>
        </div>
      )}
    </div>
  );
}

export function TableSettings({ table }: { table: TableDescription }) {
  const app = useApp();
  const protectedNow = table.DeletionProtectionEnabled === true;
  const mode = table.BillingModeSummary?.BillingMode ?? "PROVISIONED";
  const update = (input: object) => app.attempt(() => app.run("UpdateTable", { TableName: table.TableName, ...input }));
  return (
    <section aria-labelledby="settings-heading">
      <h2 id="settings-heading">Settings</h2>
      <div class="settings">
        <StreamSetting table={table} />
        <TimeToLiveSetting table={table} />
        <div class="setting">
          <h3>Deletion protection</h3>
          <p class="muted">{protectedNow ? "DeleteTable is refused." : "The table can be deleted."}</p>
          <button type="button" onClick={() => update({ DeletionProtectionEnabled: !protectedNow })}>
            {protectedNow ? "Allow deletion" : "Protect from deletion"}
          </button>
        </div>
        <div class="setting">
          <h3>Capacity</h3>
          <p class="muted">
            {mode === "PAY_PER_REQUEST"
              ? "On demand: paid by request."
              : `Provisioned: ${table.ProvisionedThroughput?.ReadCapacityUnits ?? 0} read and ${table.ProvisionedThroughput?.WriteCapacityUnits ?? 0} write units.`}
          </p>
          {mode !== "PAY_PER_REQUEST" && (
            <button type="button" onClick={() => update({ BillingMode: "PAY_PER_REQUEST" })}>
              Change to on demand
            </button>
          )}
        </div>
        <div class="setting wide">
          <h3>ARN</h3>
          <p class="mono small-text">{table.TableArn}</p>
        </div>
      </div>
    </section>
  );
}
