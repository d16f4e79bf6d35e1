/** Everything the page can do, by name: what the command palette lists and the keyboard reaches. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Command {
  id: string;
  title: string;
  /** A word or two beside the title: where it belongs. */
  group: string;
  /** Such as `Mod+Enter`; `Mod` is Control, or Command on a Mac. */
  keys?: string;
  run(): void | Promise<void>;
}

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as they are printed on the keyboard. */
export function keysText(keys: string): string {
  return keys.replace("Mod", isMac ? "⌘" : "Ctrl").replaceAll("+", isMac ? "" : "+");
}

/** Whether a key press is these keys. */
export function pressed(event: KeyboardEvent, keys: string): boolean {
  const words = keys.split("+");
  const key = words.at(-1)!.toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === key &&
    mod === words.includes("Mod") &&
    event.altKey === words.includes("Alt") &&
    (event.shiftKey === words.includes("Shift") || key.length === 1)
  );
}

/** The commands that make sense now. Views add theirs while they are shown. */
export class CommandRegistry {
  readonly #commands = signal<readonly Command[]>([]);

  get all(): ReadonlySignal<readonly Command[]> {
    return this.#commands;
  }

  /** Adds commands; the function returned takes them away. */
  add(commands: readonly Command[]): () => void {
    this.#commands.value = [...this.#commands.peek(), ...commands];
    return () => {
      this.#commands.value = this.#commands.peek().filter((each) => !commands.includes(each));
    };
  }

  /** Runs the command with these keys, if there is one. */
  handle(event: KeyboardEvent): boolean {
    const command = [...this.#commands.peek()].reverse().find(({ keys }) => keys !== undefined && pressed(event, keys));
    if (!command) return false;
    event.preventDefault();
    void command.run();
    return true;
  }
}
