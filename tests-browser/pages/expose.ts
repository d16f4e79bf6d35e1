/** Puts a page's functions before the test that opened it. */
export function expose<Api extends object>(api: Api): Api {
  Object.assign(globalThis, { pageApi: api });
  return api;
}

/** An error as the test can compare it. */
export interface Told {
  name: string;
  message: string;
}

/** What became of a promise: the value, or the error by its name. */
export type Outcome<T> = { value: T; error?: undefined } | { value?: undefined; error: Told };

/** Waits for a promise and tells how it ended. */
export async function outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}
