/** A client that can start no worker, as in a service worker: it never leads, and waits for a leader only while there may be one. */
import type { TabPlatform } from "./platform.ts";

/** It sees so often whether anybody leads. */
const LOOKS_EVERY_MS = 250;

/** Whose visit it is. */
export interface Visitor {
  /** Whether it has no leader and something to ask of one. */
  seeks(): boolean;
  seek(): void;
  /** Nobody leads; `alone` if somebody has the database open who does not share it. */
  nobodyLeads(alone: boolean): void;
}

/** Waits until there is a leader, or nobody who could be one. */
export async function visit(platform: TabPlatform, visitor: Visitor): Promise<void> {
  while (visitor.seeks()) {
    const alone = await platform.isHeldAlone();
    const led = !alone && (await platform.mayBeLed());
    if (!visitor.seeks()) return;
    if (!led) visitor.nobodyLeads(alone);
    await new Promise<void>((resolve) => platform.later(resolve, LOOKS_EVERY_MS));
    if (visitor.seeks()) visitor.seek();
  }
}
