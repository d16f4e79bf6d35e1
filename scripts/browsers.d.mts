/** The path of a Firefox, or undefined. */
export function findFirefox(): string | undefined;
/** The path of WebKitGTK's driver, or undefined. */
export function findWebKitDriver(): string | undefined;
/** The path of the browser that comes with WebKitGTK, or undefined. */
export function findMiniBrowser(): string | undefined;
/** The path of a display that nobody sees, or undefined. */
export function findXvfb(): string | undefined;
