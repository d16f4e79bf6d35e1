/**
 * The script in the sandbox's frame: it starts the worker and hands it its port. Apart from all else, because a page's content security policy
 * has to allow it, which it does by the script's hash (`scripts/package/playground.mjs`, `docs/guide-playground.md`).
 */
export const FRAME_SCRIPT = `
onmessage = ({ data, ports }) => {
  const worker = new Worker(URL.createObjectURL(new Blob([data.runtime], { type: "text/javascript" })));
  worker.onerror = (event) => ports[1].postMessage({ type: "failed", name: "Error", message: event.message || "The sandbox does not start" });
  worker.postMessage(data.start, [ports[0]]);
};
`;
