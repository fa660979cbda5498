import { Worker } from 'node:worker_threads';
import { CliError } from '../exit.ts';
import type { PartDone, PartFailed, PartWork } from './part-work.ts';

/** A thread that folds its share of the input. */
export class PartThread {
  readonly #work: PartWork;
  readonly #read: Int32Array;

  constructor(work: Omit<PartWork, 'control'>) {
    const control = new SharedArrayBuffer(8);
    this.#work = { ...work, control };
    this.#read = new Int32Array(control, 4, 1);
  }

  /** Modulo 2^32, like the thread's own counter. */
  get bytesRead(): number {
    return Atomics.load(this.#read, 0) >>> 0;
  }

  stop(): void {
    Atomics.store(new Int32Array(this.#work.control, 0, 1), 0, 1);
  }

  fold<Read>(): Promise<PartDone<Read>> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./fold-worker.js', import.meta.url), {
        workerData: this.#work,
        // its temporary file is read after the thread has ended
        trackUnmanagedFds: false,
      });
      worker.on('message', (message: PartDone<Read> | PartFailed) => {
        if (!('failed' in message)) resolve(message);
        else reject(failureOf(message));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a folding thread ended without a message')));
    });
  }
}

function failureOf({ failed, exitCode, stack, isNoMemory }: PartFailed): Error {
  if (isNoMemory) return new RangeError(failed);
  return new CliError(exitCode, failed, new Error(stack));
}
