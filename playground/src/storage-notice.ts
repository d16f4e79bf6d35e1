/** Says where the data is, in words: kept on this device, or in memory only and why. */
import type { Dynatab } from "dynatab";
import { byId } from "./elements.ts";

/** Shows it for an open database. */
export function showStorage({ name, persistence, persistenceReason }: Dynatab): void {
  byId("storage", HTMLElement).dataset.persistence = persistence;
  byId("storage-title", HTMLElement).textContent = persistence === "memory" ? "In memory only" : "Kept in this browser (OPFS)";
  byId("storage-detail", HTMLElement).textContent =
    persistence === "memory"
      ? `Everything is gone when this page is reloaded or closed.${persistenceReason === undefined ? "" : ` Why: ${persistenceReason}.`}`
      : `Database “${name}” is in the private file system of ${location.origin} and survives reloads and restarts.`;
}

/** Shows that there is no database, because of an error, and lets the user try again. */
export function showOpenFailure(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  byId("storage", HTMLElement).dataset.persistence = "none";
  byId("storage-title", HTMLElement).textContent = "No database";
  byId("open-failure-name", HTMLElement).textContent = name;
  byId("open-failure-message", HTMLElement).textContent = message;
  byId("open-failure", HTMLElement).hidden = false;
  byId("open-again", HTMLButtonElement).addEventListener("click", () => location.reload());
}
