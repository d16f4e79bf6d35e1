/** Lets the page work offline after its first load: its files are kept by a service worker, which the build writes. */
export function keepForOffline(): void {
  // Only a build has the worker; while the page is developed its files change under their names.
  if (!import.meta.env.KEPT_OFFLINE || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("./offline.js").catch(() => {
    // Where none may be registered (no secure context, storage refused) the page needs its server.
  });
}
