import { readSync } from 'node:fs';
import type { ByteSource } from '@stapflame/stacks/stream';
import type { Range } from './ranges.ts';

/**
 * Memory that the main thread shares with a reading thread. The main thread uses it to ask the reading thread to stop,
 * and the reading thread counts its bytes there.
 */
export class ThreadControl {
  /** The shared memory, which is passed to the thread. */
  readonly memory: SharedArrayBuffer;
  /** Nonzero once the thread has been asked to stop. */
  readonly #stop: Int32Array;
  /** Number of bytes read, modulo 2^32. */
  readonly #bytes: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#stop = new Int32Array(memory, 0, 1);
    this.#bytes = new Int32Array(memory, 4, 1);
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  count(bytes: number): void {
    Atomics.add(this.#bytes, 0, bytes);
  }

  /** Number of bytes read, modulo 2^32. */
  get bytesRead(): number {
    return Atomics.load(this.#bytes, 0) >>> 0;
  }
}

/** Reads a part of an open file, to its end or until the thread is asked to stop. */
export class PartSource implements ByteSource {
  readonly #control: ThreadControl;
  readonly #descriptor: number;
  readonly #to: number;
  #at: number;

  constructor(control: ThreadControl, descriptor: number, { from, to }: Range) {
    this.#control = control;
    this.#descriptor = descriptor;
    this.#at = from;
    this.#to = to;
  }

  read(into: Uint8Array): number {
    const room = Math.min(into.length, this.#to - this.#at);
    if (room === 0 || this.#control.isStopped) return 0;
    const length = readSync(this.#descriptor, into, 0, room, this.#at);
    this.#at += length;
    this.#control.count(length);
    return length;
  }

  /** Whether the part has been read completely. */
  get isWhole(): boolean {
    return this.#at === this.#to;
  }
}

/** Reads an input until it ends or the thread is asked to stop. */
export class InputSource implements ByteSource {
  readonly #control: ThreadControl;
  readonly #input: ByteSource & { readonly bytesRead: number };
  #counted = 0;
  /** Whether reading stopped before the input's end. */
  isStopped = false;

  constructor(control: ThreadControl, input: ByteSource & { readonly bytesRead: number }) {
    this.#control = control;
    this.#input = input;
  }

  read(into: Uint8Array): ReturnType<ByteSource['read']> {
    this.count();
    this.isStopped = this.#control.isStopped;
    return this.isStopped ? 0 : this.#input.read(into);
  }

  /**
   * Counts the bytes read since the last call. Call this after the last `read`, which itself counts only the bytes of
   * earlier reads.
   */
  count(): void {
    const { bytesRead } = this.#input;
    this.#control.count(bytesRead - this.#counted);
    this.#counted = bytesRead;
  }
}
