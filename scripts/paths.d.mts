/** The checkout's root. */
export const root: string;
/** The environment for a command, with the project's tools first on the PATH and `extra` on top. */
export function toolEnv(extra?: Record<string, string>): Record<string, string | undefined>;
