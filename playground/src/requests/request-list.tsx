/** The requests kept over reloads: saved ones, and everything that was asked, the newest first. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../controls/icon.tsx";
import { useVirtualRows } from "../controls/use-virtual-rows.ts";
import { forgetRequest, type KeptRequest, keptRequests } from "./kept-requests.ts";

const ROW_HEIGHT = 44;

function titleOf({ name, form, operation, text }: KeptRequest): string {
  if (name !== undefined) return name;
  if (form === "json") return `${operation} ${/"TableName"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ""}`;
  if (form === "code") return /new (\w+)Command\(/.exec(text)?.[1] ?? "Program";
  return text.trim().split("\n")[0] ?? "";
}

/** `changed` grows when there may be others. */
export function RequestList({ changed, open }: { changed: number; open: (request: KeptRequest) => void }) {
  const [all, setAll] = useState<KeptRequest[]>([]);
  const [savedOnly, setSavedOnly] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const read = () =>
    keptRequests()
      .then(setAll)
      .catch(() => setAll([]));
  useEffect(() => void read(), [changed]);
  const shown = savedOnly ? all.filter(({ name }) => name !== undefined) : all;
  const { rows, height } = useVirtualRows({ count: shown.length, scroller, rowHeight: () => ROW_HEIGHT });
  return (
    <aside class="request-list" aria-label="Kept requests">
      <div class="segmented" role="group" aria-label="Show">
        <button type="button" aria-pressed={!savedOnly} onClick={() => setSavedOnly(false)}>
          History
        </button>
        <button type="button" aria-pressed={savedOnly} onClick={() => setSavedOnly(true)}>
          Saved
        </button>
      </div>
      <div class="request-rows" ref={scroller} tabIndex={0} role="region" aria-label={savedOnly ? "Saved requests" : "History"}>
        {shown.length === 0 && <p class="muted pad">Nothing yet.</p>}
        <div style={{ position: "relative", height: `${height}px` }}>
          {rows.map(({ index, start }) => {
            const request = shown[index]!;
            return (
              <div key={request.id} class="request-row" style={{ transform: `translateY(${start}px)` }}>
                <button type="button" class="ghost" onClick={() => open(request)}>
                  <span class="request-title">{titleOf(request)}</span>
                  <span class="muted small-text">
                    {new Date(request.at).toLocaleTimeString()} {request.form === "json" ? "JSON" : request.form === "code" ? "SDK" : "CLI"}
                  </span>
                </button>
                <button
                  type="button"
                  class="ghost small"
                  aria-label={`Forget ${titleOf(request)}`}
                  onClick={() => void forgetRequest(request.id!).then(read)}
                >
                  <Icon name="close" />
                </button>
              </div>
            );
          })}
        </div>
      </div>
    </aside>
  );
}
