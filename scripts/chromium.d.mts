/** The path of a Chromium or Chrome, or undefined. */
export function findChromium(): string | undefined;
/** What every test browser is started with. */
export const chromiumArgs: string[];
