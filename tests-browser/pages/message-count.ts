/** Counts the messages between this page and its workers. Imported before the first worker is started. */

export const messages = { sent: 0, received: 0 };

const { Worker: PlainWorker } = globalThis;

globalThis.Worker = class extends PlainWorker {
  constructor(...given: ConstructorParameters<typeof PlainWorker>) {
    super(...given);
    this.addEventListener("message", () => {
      messages.received += 1;
    });
  }

  override postMessage(...given: unknown[]): void {
    messages.sent += 1;
    super.postMessage(...(given as [unknown, Transferable[]]));
  }
};
