import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { isatty, ReadStream } from 'node:tty';

/** Maximum number of bytes that one read from a pipe returns. */
const PIECE = 1 << 16;
/** Number of reads that go through the event loop after a pipe was found empty, before it is read directly again. */
const PATIENCE = 8;

/**
 * Reads a pipe, a socket or a terminal without delaying signals. While a pipe has data, it is read directly through a
 * second descriptor, which does not block. When the pipe is empty, the event loop waits for data. (Waiting in a thread
 * with `fs.read` would cost more, and the process could not end until data arrives.)
 */
export class PipeReader {
  readonly #direct: number | undefined;
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafe(PIECE);
  #filled = 0;
  #waits = 0;
  #ended = false;
  #stopped = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(descriptor: number) {
    this.#direct = openAgain(descriptor);
    const onread = { buffer: this.#buffer, callback: (length: number): boolean => this.#arrived(length) };
    const socket = isatty(descriptor)
      ? new ReadStream(descriptor)
      : new Socket({ fd: descriptor, readable: true, writable: false, onread } as SocketConstructorOpts);
    // Only terminals emit data events. Sockets write to the buffer directly.
    socket.on('data', (piece: Buffer) => this.#arrived(piece.copy(this.#buffer)));
    socket.on('end', () => this.#finish());
    socket.on('close', () => this.#finish());
    socket.on('error', (error) => this.#finish(error));
    socket.pause();
    this.#socket = socket;
  }

  #arrived(length: number): boolean {
    this.#filled = length;
    this.#socket.pause();
    this.#wake?.();
    return false;
  }

  #finish(error?: Error): void {
    this.#ended = true;
    this.#failure ??= error;
    this.#wake?.();
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#direct === undefined || this.#waits > 0 || this.#stopped) return this.#wait(into);
    try {
      const length = readSync(this.#direct, into, 0, into.length, null);
      // 0 bytes may also mean that nobody has opened a named pipe for writing yet. Only the socket can tell whether the
      // pipe has ended.
      if (length > 0) return length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    this.#waits = PATIENCE;
    return this.#wait(into);
  }

  async #wait(into: Uint8Array): Promise<number> {
    this.#waits--;
    if (this.#filled === 0 && !this.#ended) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#socket.resume();
      await woken;
    }
    if (this.#failure) throw this.#failure;
    const length = Math.min(this.#filled, into.length);
    into.set(this.#buffer.subarray(0, length));
    this.#buffer.copyWithin(0, length, this.#filled);
    this.#filled -= length;
    // Bytes in the buffer must be returned before the pipe is read directly again.
    if (this.#filled > 0) this.#waits = Math.max(this.#waits, 1);
    return length;
  }

  /** Ends the input immediately. Bytes that are still in the pipe are not read. */
  stop(): void {
    this.#stopped = true;
    this.#finish();
  }

  close(): void {
    this.#socket.destroy();
    if (this.#direct !== undefined) closeSync(this.#direct);
  }
}

/** Opens a pipe a second time. This works only on Linux. Elsewhere, only the event loop reads. */
function openAgain(descriptor: number): number | undefined {
  try {
    return openSync(
      `/proc/self/fd/${descriptor}`,
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
  } catch {
    return undefined;
  }
}
