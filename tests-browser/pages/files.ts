/** A database's files as they lie in the private file system, for the test to read without the engine. */

async function bytesOf(directory: FileSystemDirectoryHandle): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const [name, handle] of directory.entries()) {
    if (handle.kind !== "file") continue;
    const bytes = new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    files[name] = btoa(binary);
  }
  return files;
}

/** All of them, in base64 by name. While no database is open: open handles keep readers out. */
export async function filesOf(database: string): Promise<Record<string, string>> {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle("dynatab");
  return bytesOf(await root.getDirectoryHandle(database));
}
