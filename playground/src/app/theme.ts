/** Light or dark: the system's choice until the user makes one. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { keepTheme, keptTheme } from "../database/registry.ts";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = signal<Theme>(system.matches ? "dark" : "light");
system.addEventListener("change", ({ matches }) => {
  systemTheme.value = matches ? "dark" : "light";
});
const chosen = signal<Theme | undefined>(keptTheme());

/** The theme now. */
export function currentTheme(): Theme {
  return chosen.value ?? systemTheme.value;
}

/** Turns to the other theme. Turning back to the system's forgets the choice. */
export function toggleTheme(): void {
  const next = currentTheme() === "dark" ? "light" : "dark";
  chosen.value = next === systemTheme.value ? undefined : next;
  keepTheme(chosen.value);
}

/** The theme, and what turns it. */
export function useTheme(): [Theme, () => void] {
  return [currentTheme(), toggleTheme];
}

/** Marks an element with the theme for as long as the component is shown. */
export function useThemeOn(element: HTMLElement): void {
  const theme = currentTheme();
  useEffect(() => {
    element.dataset.theme = theme;
  }, [element, theme]);
}
