/** The folder whose `node_modules` holds the bundlers; projects in folders below find them. */
export function bundlersDir(): string;
/** Installs them if they are not there. */
export function installBundlers(): Promise<void>;
