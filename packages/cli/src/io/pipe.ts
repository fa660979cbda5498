import { closeSync, constants, openSync, read, readSync } from 'node:fs';

/** After the pipe was found empty, so many reads wait in a thread before the direct way is tried again. */
const PATIENCE = 8;
/** Milliseconds to wait where the descriptor itself was made non-blocking by another process. */
const BUSY = 10;

/**
 * Reads a pipe, a terminal or a socket without holding up signals. While there is something in a pipe it
 * is read directly, through a second, non-blocking opening of it: a thread for each 64 KiB costs half as
 * much again as all the rest of the work. Where it is empty, a thread waits.
 */
export class PipeReader {
  readonly #descriptor: number;
  readonly #direct: number | undefined;
  #waits = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#direct = openAgain(descriptor);
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#direct === undefined || this.#waits > 0) return this.#wait(into);
    try {
      return readSync(this.#direct, into, 0, into.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      this.#waits = PATIENCE;
      return this.#wait(into);
    }
  }

  #wait(into: Uint8Array): Promise<number> {
    this.#waits--;
    return new Promise((resolve, reject) => {
      const attempt = (): void =>
        read(this.#descriptor, into, 0, into.length, null, (error, length) => {
          if (!error) resolve(length);
          else if (error.code === 'EOF') resolve(0);
          else if (error.code === 'EAGAIN') setTimeout(attempt, BUSY);
          else reject(error);
        });
      attempt();
    });
  }

  close(): void {
    if (this.#direct !== undefined) closeSync(this.#direct);
  }
}

/** Linux only, and pipes only; elsewhere the descriptor alone must do. */
function openAgain(descriptor: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
