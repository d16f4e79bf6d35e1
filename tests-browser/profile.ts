/** Folders for browsers' profiles. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh folder for a profile; whoever makes it removes it with `removeProfile`. */
export function makeProfile(): string {
  return mkdtempSync(join(tmpdir(), "dynatab-profile-"));
}

/** A browser's last process may still be writing when the others have ended, hence the retries. */
export function removeProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
