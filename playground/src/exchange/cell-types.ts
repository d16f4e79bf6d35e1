/** What a cell of a CSV file looks like: a file says nothing of types. */

/** A number as JSON writes it. */
export const LOOKS_LIKE_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
export const LOOKS_LIKE_BOOLEAN = /^(true|false)$/;
