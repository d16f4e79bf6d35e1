/** Measures, inside a page, how well its text stands out, as WCAG 2 computes it. */

/** Runs in the page, so it may use nothing from outside of itself. Texts below the ratio, with what they have. */
export function lowContrasts(least: number): string[] {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const rgba = (colour: string) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour: string) => {
    const [red, green, blue] = rgba(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const groundOf = (element: Element | null): string => {
    if (!element) return getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#121212" : "#fff";
    const ground = getComputedStyle(element).backgroundColor;
    return rgba(ground)[3] === 255 ? ground : groundOf(element.parentElement);
  };
  const hasText = (element: Element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== "");
  const found: string[] = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!hasText(element) || !element.checkVisibility()) continue;
    const text = luminance(getComputedStyle(element).color);
    const ground = luminance(groundOf(element));
    const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (ratio < least) found.push(`${element.tagName} ${element.textContent!.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}
