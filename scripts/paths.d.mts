/** The checkout's root. */
export const root: string;
