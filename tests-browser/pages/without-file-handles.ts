/** Evaluated in a worker before the package's script: makes it a browser from before synchronous file handles. */
Reflect.deleteProperty(FileSystemFileHandle.prototype, "createSyncAccessHandle");
