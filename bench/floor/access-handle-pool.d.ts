/** The part of wa-sqlite's example that the bench uses; the package ships no typings for it. */
declare module "@livestore/wa-sqlite/src/examples/AccessHandlePoolVFS.js" {
  export class AccessHandlePoolVFS {
    static create(name: string, module: object): Promise<AccessHandlePoolVFS>;
    close(): void | Promise<void>;
  }
}
