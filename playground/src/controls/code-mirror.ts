/** CodeMirror 6 as the page uses it. Loaded by `code-editor.tsx` when an editor is shown for the first time. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { EditorLanguage } from "./code-editor.tsx";

export type CompletionSource = (context: CompletionContext) => CompletionResult | null | Promise<CompletionResult | null>;

/** Colours are the page's variables, so that themes reach into the editor. */
const theme = EditorView.theme({
  "&": { backgroundColor: "var(--field)", color: "var(--text)", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--field)", color: "var(--muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-ground)", color: "var(--text)" },
  ".cm-panels": { backgroundColor: "var(--surface)", color: "var(--text)" },
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-name)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

const LANGUAGES: Record<EditorLanguage, () => Extension> = { json, javascript: () => javascript(), text: () => [] };

export interface CodeMirrorOptions {
  label: string;
  language: EditorLanguage;
  value: string;
  change: (value: string) => void;
  complete: CompletionSource;
  run: () => void;
}

export class CodeMirror {
  readonly #view: EditorView;

  constructor(parent: HTMLElement, { label, language, value, change, complete, run }: CodeMirrorOptions) {
    const extensions: Extension[] = [
      lineNumbers(),
      foldGutter(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      bracketMatching(),
      closeBrackets(),
      indentOnInput(),
      indentUnit.of("  "),
      LANGUAGES[language](),
      autocompletion({ override: [complete] }),
      syntaxHighlighting(highlight),
      theme,
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "none", tabindex: "0" }),
      EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
      Prec.highest(
        keymap.of([
          {
            key: "Mod-Enter",
            run: () => {
              run();
              return true;
            },
          },
        ]),
      ),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap]),
    ];
    const root = parent.getRootNode() as Document | ShadowRoot;
    this.#view = new EditorView({ state: EditorState.create({ doc: value, extensions }), parent, root });
  }

  /** Shows another text, unless it is shown already. */
  show(value: string): void {
    const { doc } = this.#view.state;
    if (doc.length === value.length && doc.toString() === value) return;
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: value } });
  }

  /** Underlines problems. */
  mark(problems: readonly { from: number; to: number; message: string }[]): void {
    const end = this.#view.state.doc.length;
    const within = (place: number) => Math.max(0, Math.min(place, end));
    const diagnostics = problems.map(({ from, to, message }) => ({
      from: within(from),
      to: within(to),
      message,
      severity: "error" as const,
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  close(): void {
    this.#view.destroy();
  }
}
