/** Lets a page know whether its own worker leads, and end it or hold it up. Imported before the first worker is started. */

/** What the page's latest worker has come to. */
export const control: { leads: boolean; worker: Worker | undefined } = { leads: false, worker: undefined };

const { Worker: PlainWorker } = globalThis;

globalThis.Worker = class extends PlainWorker {
  constructor(...given: ConstructorParameters<typeof PlainWorker>) {
    super(...given);
    control.worker = this;
    control.leads = false;
    this.addEventListener("message", ({ data }: MessageEvent<{ type: string }>) => {
      if (data.type === "opened") control.leads = true;
    });
  }
};
