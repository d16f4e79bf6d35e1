/** The playground's style sheet, for its shadow root. */
import base from "./base.css?inline";
import controls from "./controls.css?inline";
import theme from "./theme.css?inline";
import views from "./views.css?inline";

let sheet: CSSStyleSheet | undefined;

/** The sheet, made once for all playgrounds of a page. */
export function playgroundStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([theme, base, controls, views].join("\n"));
  }
  return sheet;
}
