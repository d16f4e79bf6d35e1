/**
 * Views of a WebAssembly memory that survive its growth.
 *
 * Growing a memory detaches its old buffer, and every view of that becomes empty. Testing the length of a view is cheap enough to do
 * after every call that might have grown the memory, so holders do that and call `refresh` when it is 0.
 */
export class MemoryViews {
  bytes: Uint8Array;
  data: DataView;

  readonly #memory: () => WebAssembly.Memory;

  /** `memory` is asked again at every refresh, since an engine that died is replaced by one with another memory. */
  constructor(memory: () => WebAssembly.Memory) {
    this.#memory = memory;
    const buffer = memory().buffer;
    this.bytes = new Uint8Array(buffer);
    this.data = new DataView(buffer);
  }

  /** Takes the views again if the memory has grown. */
  refresh(): void {
    if (this.bytes.length === 0) this.retake();
  }

  /** Takes the views again whatever happened. */
  retake(): void {
    const buffer = this.#memory().buffer;
    this.bytes = new Uint8Array(buffer);
    this.data = new DataView(buffer);
  }
}
