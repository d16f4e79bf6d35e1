/** Light or dark: what the page around says, otherwise what the user has chosen, otherwise the system's. */
import { signal } from "@preact/signals";
import { keepTheme, keptTheme } from "../database/registry.ts";

export type ThemeName = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<ThemeName>(system.matches ? "dark" : "light");
system.addEventListener("change", ({ matches }) => {
  systemTheme.value = matches ? "dark" : "light";
});
/** The choice is one for all playgrounds of a page. */
const chosen = signal<ThemeName | undefined>(keptTheme());

export class Theme {
  /** The theme the page around the playground has set; then there is nothing to choose. */
  readonly given = signal<ThemeName | undefined>(undefined);

  /** The theme now. */
  get name(): ThemeName {
    return this.given.value ?? chosen.value ?? systemTheme.value;
  }

  /** Turns to the other theme. Turning back to the system's forgets the choice. */
  toggle(): void {
    const next = this.name === "dark" ? "light" : "dark";
    chosen.value = next === systemTheme.value ? undefined : next;
    keepTheme(chosen.value);
  }
}
