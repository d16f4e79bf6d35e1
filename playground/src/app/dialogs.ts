/** Questions the page asks before it goes on, one at a time, and the drawers and dialogs that views open. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** A question with a yes and a no. */
export interface Question {
  title: string;
  text: ComponentChildren;
  /** What the button says that does it. */
  yes: string;
  /** Whether doing it destroys something. */
  danger?: boolean;
  /** A text to be typed first, such as the name of what is deleted. */
  typed?: string;
  /** Asks for a text, which becomes the answer. */
  ask?: { label: string; value: string; check(text: string): string | undefined };
}

export interface OpenQuestion extends Question {
  answer(text: string | undefined): void;
}

export class Dialogs {
  readonly current = signal<OpenQuestion | undefined>(undefined);

  /** Whether the user says yes. */
  async confirm(question: Question): Promise<boolean> {
    return (await this.#ask(question)) !== undefined;
  }

  /** The text the user gives, or undefined. */
  prompt(question: Question & { ask: NonNullable<Question["ask"]> }): Promise<string | undefined> {
    return this.#ask(question);
  }

  #ask(question: Question): Promise<string | undefined> {
    this.current.peek()?.answer(undefined);
    return new Promise((resolve) => {
      const answer = (text: string | undefined) => {
        this.current.value = undefined;
        resolve(text);
      };
      this.current.value = { ...question, answer };
    });
  }
}
