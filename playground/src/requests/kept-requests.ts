/** Requests kept over reloads, in the browser's IndexedDB: every one that was asked in the editor, and those saved under a name. */

/** A request that was asked. */
export interface KeptRequest {
  id?: number;
  at: number;
  operation: string;
  form: "json" | "code" | "cli";
  text: string;
  /** Saved requests have one. */
  name?: string;
}

const STORE = "requests";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dynatab-playground", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

/** Keeps a request. */
export async function keepRequest(request: KeptRequest): Promise<void> {
  await inStore("readwrite", (store) => store.add(request));
}

/** All of them, the newest first. */
export async function keptRequests(): Promise<KeptRequest[]> {
  const found = await inStore<KeptRequest[]>("readonly", (store) => store.getAll());
  return found.reverse();
}

/** Forgets one. */
export async function forgetRequest(id: number): Promise<void> {
  await inStore("readwrite", (store) => store.delete(id));
}
