/** The parts of wa-sqlite that only the bench uses; the package ships no typings for them. */
declare module "@livestore/wa-sqlite/src/examples/AccessHandlePoolVFS.js" {
  export class AccessHandlePoolVFS {
    static create(name: string, module: object): Promise<AccessHandlePoolVFS>;
    close(): void | Promise<void>;
  }
}

declare module "@livestore/wa-sqlite/dist/wa-sqlite.mjs" {
  /** Makes a fresh instance a call; the hook makes its WebAssembly instance. */
  export default function createModule(config: {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
  }): Promise<{ vfs_register(vfs: object, makeDefault: boolean): number }>;
}
