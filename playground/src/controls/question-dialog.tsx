/** Shows the page's current question as a modal dialog. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app/context.ts";
import type { OpenQuestion } from "../app/dialogs.ts";

export function QuestionDialog() {
  const question = useApp().dialogs.current.value;
  return question ? <Asked key={question.title} question={question} /> : null;
}

function Asked({ question }: { question: OpenQuestion }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(question.ask?.value ?? "");
  useEffect(() => dialog.current?.showModal(), []);
  const problem = question.typed !== undefined && text !== question.typed ? "" : question.ask?.check(text);
  const label = question.typed === undefined ? question.ask?.label : `Type ${question.typed} to confirm`;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="question-title" onClose={() => question.answer(undefined)}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === undefined) question.answer(text);
        }}
      >
        <h2 id="question-title">{question.title}</h2>
        <div class="dialog-text">{question.text}</div>
        {label !== undefined && (
          <label class="field">
            <span>{label}</span>
            <input value={text} onInput={(event) => setText(event.currentTarget.value)} spellcheck={false} autocapitalize="none" />
            {problem ? <span class="problem">{problem}</span> : null}
          </label>
        )}
        <div class="buttons end">
          <button type="button" onClick={() => question.answer(undefined)}>
            Cancel
          </button>
          <button type="submit" class={question.danger ? "danger primary" : "primary"} disabled={problem !== undefined}>
            {question.yes}
          </button>
        </div>
      </form>
    </dialog>
  );
}
