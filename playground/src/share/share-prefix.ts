/** What begins the hash of a link that carries something; apart from `share-content.ts`, so that the compression is loaded only for one. */
export const SHARE_PREFIX = "#share=";
