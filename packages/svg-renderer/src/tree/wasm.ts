import { lineTooLong, sumTooLarge, tooManyFrames, unsorted } from '../errors.ts';
import type { OtherLines } from '../folded/other-lines.ts';
import { namesInUse, type Boxes } from './boxes.ts';
import { MAX_FRAMES, PIECE, type FoldedTree, type TreeOptions } from './folded-tree.ts';

/** What the module exports; see `assembly/index.ts`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  begin(): number;
  configure(
    order: number,
    least: number,
    whole: number,
    maxDepth: number,
    maxLineLength: number,
    maxFrames: number,
    reverse: boolean,
    baseLength: number,
  ): number;
  makeSpace(bytes: number): number;
  spaceAt(): number;
  spaceLength(): number;
  advance(length: number): void;
  scan(): number;
  finish(): number;
  otherAt(): number;
  otherLength(): number;
  lineNumber(): number;
  stackCount(): number;
  distinctCount(): number;
  weight(): number;
  totalWeight(): number;
  columnsAt(): number;
  boxesLength(): number;
  droppedCount(): number;
  nameText(id: number): number;
  nameLength(id: number): number;
}

/** Why the module stops. */
const Stop = {
  INPUT: 0,
  NO_MEMORY: 1,
  UNSORTED: 2,
  TOO_MANY_FRAMES: 3,
  OTHER_LINE: 10,
  LONG_LINE: 11,
  SUM: 12,
} as const;

const ORDERS = { sorted: 0, 'as it comes': 1, any: 2 } as const;

/** The tree in WebAssembly. Throws a `RangeError` where there is no memory for it. */
export class WasmTree implements FoldedTree {
  readonly #others: OtherLines;
  readonly #exports: Exports;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #options: TreeOptions;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(module: WebAssembly.Module, options: TreeOptions, others: OtherLines) {
    this.#others = others;
    const decimal = (at: number, length: number): number =>
      Number(this.#decoder.decode(this.#memory().subarray(at, at + length)));
    const { exports } = new WebAssembly.Instance(module, { env: { decimal } });
    this.#exports = exports as unknown as Exports;
    this.#options = options;
    const base = new TextEncoder().encode(options.base ?? '');
    if (!this.#exports.begin() || !this.#exports.makeSpace(base.length)) throw noMemory();
    this.#memory().set(base, this.#exports.spaceAt());
    const { order, least, whole, maxDepth, maxLineLength, reverse } = options;
    const isReady = this.#exports.configure(
      ORDERS[order],
      least,
      whole,
      maxDepth,
      maxLineLength,
      MAX_FRAMES,
      reverse,
      base.length,
    );
    if (!isReady) throw noMemory();
  }

  get stacks(): number {
    return this.#exports.stackCount();
  }

  get distinct(): number {
    return this.#exports.distinctCount();
  }

  get weight(): number {
    return this.#exports.weight();
  }

  /** Growing detaches every view. */
  #memory(): Uint8Array {
    if (this.#bytes.buffer !== this.#exports.memory.buffer)
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    return this.#bytes;
  }

  space(): Uint8Array {
    if (!this.#exports.makeSpace(PIECE)) throw noMemory();
    const at = this.#exports.spaceAt();
    return this.#memory().subarray(at, at + PIECE);
  }

  advance(length: number): void {
    this.#exports.advance(length);
    for (;;) {
      const stop = this.#exports.scan();
      if (stop === Stop.INPUT) return;
      const line = this.#exports.lineNumber();
      if (stop !== Stop.OTHER_LINE) throw failure(stop, line, this.#options);
      const at = this.#exports.otherAt();
      this.#others.add(this.#memory().subarray(at, at + this.#exports.otherLength()), line);
    }
  }

  finish(): Boxes {
    this.space()[0] = 0x0a;
    this.advance(1);
    if (this.#exports.finish() !== 0) throw noMemory();
    const wasm = this.#exports;
    const count = wasm.boxesLength();
    const { buffer } = wasm.memory;
    let at = wasm.columnsAt();
    const numbers = (): Float64Array => new Float64Array(buffer, at, count).slice();
    const [starts, weights, selfs, deepers, changes] = Array.from({ length: 5 }, () => {
      const column = numbers();
      at += count * 8;
      return column;
    }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const depths = new Int32Array(buffer, at, count).slice();
    const names = new Int32Array(buffer, at + count * 4, count);
    const textOf = (id: number): string => {
      const from = wasm.nameText(id);
      return this.#decoder.decode(this.#memory().subarray(from, from + wasm.nameLength(id)));
    };
    return {
      total: Math.max(wasm.totalWeight(), this.#options.whole),
      ...namesInUse(names, textOf),
      depths,
      starts,
      weights,
      selfs,
      deepers,
      changes,
      dropped: wasm.droppedCount(),
    };
  }
}

function failure(stop: number, line: number, { maxLineLength }: TreeOptions): Error {
  switch (stop) {
    case Stop.UNSORTED:
      return unsorted(line);
    case Stop.TOO_MANY_FRAMES:
      return tooManyFrames(line, MAX_FRAMES);
    case Stop.LONG_LINE:
      return lineTooLong(line + 1, maxLineLength);
    case Stop.SUM:
      return sumTooLarge('line', line);
    default:
      return noMemory();
  }
}

function noMemory(): RangeError {
  return new RangeError('no memory for the flame graph’s tree');
}
