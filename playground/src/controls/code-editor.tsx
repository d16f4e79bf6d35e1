/**
 * A text editor for JSON and JavaScript: a plain text field at once, CodeMirror when that has been loaded, which is only done for somebody
 * who edits.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CompletionSource } from "./code-mirror.ts";

export type EditorLanguage = "json" | "javascript" | "text";

export interface CodeEditorProps {
  label: string;
  language: EditorLanguage;
  value: string;
  change: (value: string) => void;
  /** Problems with places in the text, as offsets. */
  problems?: readonly { from: number; to: number; message: string }[];
  complete?: CompletionSource;
  /** Runs what is written, with Control and Enter. */
  run?: () => void;
}

export function CodeEditor(props: CodeEditorProps) {
  const { label, value, change } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [editor, setEditor] = useState<import("./code-mirror.ts").CodeMirror>();
  const language = props.language;
  useEffect(() => {
    let gone = false;
    let made: import("./code-mirror.ts").CodeMirror | undefined;
    void import("./code-mirror.ts").then(({ CodeMirror }) => {
      if (gone || !place.current) return;
      made = new CodeMirror(place.current, {
        label: latest.current.label,
        language,
        value: latest.current.value,
        change: (text) => latest.current.change(text),
        complete: (context) => latest.current.complete?.(context) ?? null,
        run: () => latest.current.run?.(),
      });
      setEditor(made);
    });
    return () => {
      gone = true;
      made?.close();
      setEditor(undefined);
    };
  }, [language]);
  // With the render itself: later, what was typed since would be taken back.
  useLayoutEffect(() => editor?.show(value), [editor, value]);
  useEffect(() => editor?.mark(props.problems ?? []), [editor, props.problems, value]);
  return (
    <div class="code-editor">
      <div ref={place} class="code-place" />
      {editor === undefined && (
        <textarea
          class="code-plain"
          aria-label={label}
          value={value}
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            props.run?.();
          }}
        />
      )}
    </div>
  );
}
