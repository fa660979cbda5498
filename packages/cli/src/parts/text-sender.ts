import type { MessagePort } from 'node:worker_threads';

/** Sends a thread's text in buffers that the receiver provides, and waits while no buffer is available. */
export class TextSender {
  readonly #port: MessagePort;
  readonly #buffers: ArrayBuffer[] = [];
  #piece: Uint8Array | undefined;
  #used = 0;
  #given: () => void = () => undefined;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (buffer: ArrayBuffer) => {
      this.#buffers.push(buffer);
      this.#given();
    });
  }

  async send(text: Uint8Array): Promise<void> {
    for (let at = 0; at < text.length;) {
      this.#piece ??= new Uint8Array(await this.#buffer());
      const bytes = text.subarray(at, at + this.#piece.length - this.#used);
      this.#piece.set(bytes, this.#used);
      at += bytes.length;
      this.#used += bytes.length;
      if (this.#used === this.#piece.length) this.#post(this.#piece);
    }
  }

  /** Sends the remaining text. */
  end(): void {
    if (this.#piece) this.#post(this.#piece.subarray(0, this.#used));
    this.#port.removeAllListeners('message');
  }

  #post(piece: Uint8Array): void {
    this.#port.postMessage(piece, [piece.buffer as ArrayBuffer]);
    this.#piece = undefined;
    this.#used = 0;
  }

  async #buffer(): Promise<ArrayBuffer> {
    while (this.#buffers.length === 0)
      await new Promise<void>((resolve) => {
        this.#given = resolve;
      });
    return this.#buffers.shift()!;
  }
}
