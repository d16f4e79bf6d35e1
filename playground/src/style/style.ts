/** The playground's style sheet, for its shadow root. */
import base from "./base.css?inline";
import controls from "./controls.css?inline";
import explain from "./explain.css?inline";
import forms from "./forms.css?inline";
import groups from "./groups.css?inline";
import items from "./items.css?inline";
import narrow from "./narrow.css?inline";
import requests from "./requests.css?inline";
import stream from "./stream.css?inline";
import tableView from "./table-view.css?inline";
import theme from "./theme.css?inline";

/** In this order: the later speak over the earlier. */
const parts = [theme, base, controls, forms, tableView, items, explain, requests, stream, groups, narrow];

let sheet: CSSStyleSheet | undefined;

/** The sheet, made once for all playgrounds of a page. */
export function playgroundStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(parts.join("\n"));
  }
  return sheet;
}
