/** How components reach the page's state. */
import { createContext } from "preact";
import { useContext, useEffect } from "preact/hooks";
import type { App } from "./app.ts";
import type { Command } from "./commands.ts";

export const AppContext = createContext<App | undefined>(undefined);

/** The page's state. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("A component is used outside of the playground");
  return app;
}

/** Adds commands as long as the component is shown; `inputs` are what they rest on. */
export function useCommands(commands: () => Command[], inputs: readonly unknown[]): void {
  const app = useApp();
  useEffect(() => app.commands.add(commands()), inputs);
}
