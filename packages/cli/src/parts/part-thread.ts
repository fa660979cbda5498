import { Worker } from 'node:worker_threads';
import type { GrowingText } from '@stapflame/stacks';
import { CliError } from '../exit.ts';
import { ThreadControl } from './control.ts';
import type { FromThread, PartWork, ShareEnd, ShareFailed, ShareRead } from './part-work.ts';

/** Number of buffers that a thread uses to send its text, and the size of each in bytes. */
const BUFFERS = 4;
const BUFFER = 1 << 18;

/**
 * A thread that folds its share of the input. It first reports what it has read, and then sends its text in buffers,
 * waiting whenever it has no empty one. It gets its first buffers from {@link sendText}, and gets each buffer back once
 * the bytes in it have been read.
 */
export class PartThread<Read> implements GrowingText {
  readonly #work: PartWork;
  readonly #control = new ThreadControl();
  readonly #pieces: Uint8Array[] = [];
  /** Number of bytes already read from the first chunk. */
  #taken = 0;
  #worker: Worker | undefined;
  #read: ShareRead<Read> | undefined;
  #end: ShareEnd | undefined;
  #failure: Error | undefined;
  #arrived: () => void = () => undefined;

  constructor(work: Omit<PartWork, 'control'>) {
    this.#work = { ...work, control: this.#control.memory };
  }

  /** Number of bytes read, modulo 2^32. */
  get bytesRead(): number {
    return this.#control.bytesRead;
  }

  /** Stops reading. The thread still folds and sends what it has read so far. */
  stopReading(): void {
    this.#control.stop();
  }

  /** Starts the thread. Resolves when the thread has read its share. */
  async start(): Promise<ShareRead<Read>> {
    const worker = new Worker(new URL('./fold-worker.js', import.meta.url), { workerData: this.#work });
    this.#worker = worker;
    worker.on('message', (message: FromThread<Read>) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => {
      if (!this.#end) this.#fail(new Error('a folding thread ended without reporting a result'));
    });
    while (!this.#read) await this.#message();
    return this.#read;
  }

  sendText(): void {
    for (let i = 0; i < BUFFERS; i++) this.#give(new ArrayBuffer(BUFFER));
  }

  read(into: Uint8Array): number | undefined {
    const piece = this.#pieces[0];
    if (!piece) return this.#end && 0;
    const length = Math.min(piece.length - this.#taken, into.length);
    into.set(piece.subarray(this.#taken, this.#taken + length));
    this.#taken += length;
    if (this.#taken === piece.length) {
      this.#taken = 0;
      this.#pieces.shift();
      // Giving the buffer to the thread detaches it here, so the chunk becomes empty.
      this.#give(piece.buffer as ArrayBuffer);
    }
    return length;
  }

  /** Resolves when {@link read} can return bytes or has reached the end of the text. */
  async arrival(): Promise<void> {
    while (this.#pieces.length === 0 && !this.#end) await this.#message();
  }

  /** The thread's report, which follows the last chunk of its text. */
  get end(): ShareEnd {
    return this.#end!;
  }

  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  #give(buffer: ArrayBuffer): void {
    this.#worker!.postMessage(buffer, [buffer]);
  }

  #receive(message: FromThread<Read>): void {
    if (message instanceof Uint8Array) this.#pieces.push(message);
    else if (message.kind === 'read') this.#read = message;
    else if (message.kind === 'end') this.#end = message;
    else this.#failure ??= failureOf(message);
    this.#arrived();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#arrived();
  }

  /** Resolves when the next message has arrived. */
  async #message(): Promise<void> {
    if (!this.#failure)
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    if (this.#failure) throw this.#failure;
  }
}

function failureOf({ message, exitCode, stack, isNoMemory }: ShareFailed): Error {
  if (isNoMemory) return new RangeError(message);
  return new CliError(exitCode, message, new Error(stack));
}
