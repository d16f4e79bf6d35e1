/** Finding the page's elements, and making new ones. Data becomes text only: nothing here or elsewhere parses it as HTML. */

/** The element with this id. The page is ours, so a missing one is a mistake in it and said at once. */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return found;
}

/** A form's field by its name. */
export function field<E extends HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(
  form: HTMLFormElement,
  name: string,
  type: new () => E,
): E {
  const found = form.elements.namedItem(name);
  if (!(found instanceof type)) throw new Error(`The form #${form.id} has no ${type.name} ${name}`);
  return found;
}

/** What stands in an `<input>`. */
export function inputValue(form: HTMLFormElement, name: string): string {
  return field(form, name, HTMLInputElement).value;
}

/** What is chosen in a `<select>`. */
export function chosen(form: HTMLFormElement, name: string): string {
  return field(form, name, HTMLSelectElement).value;
}

/** An element with a text. */
export function textElement<Name extends keyof HTMLElementTagNameMap>(name: Name, text: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** Fills a `<select>` with choices, given as value and text. */
export function fillSelect(select: HTMLSelectElement, choices: Iterable<readonly [value: string, text: string]>): void {
  select.replaceChildren(...Array.from(choices, ([value, text]) => new Option(text, value)));
}
