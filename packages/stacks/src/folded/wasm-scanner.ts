import type { StackBuilder } from '../builder.ts';
import type { Frame, FrameTable } from '../frames.ts';
import { SCANNER_MODULE } from '../generated/scanner.ts';
import { nameToLabel } from './name-to-label.ts';
import {
  BATCH_FRAMES,
  countOf,
  MAX_LINE,
  MAX_NAME_BYTES,
  MAX_NAMES,
  type FoldedScanner,
  type StopCode,
} from './scanner.ts';

/** The module's exports; see `assembly/index.ts`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  begin(random: number, longestLine: number, framesAtOnce: number): number;
  makeSpace(bytes: number): number;
  spaceAt(): number;
  advance(length: number): void;
  pending(): number;
  restart(): void;
  scan(): StopCode;
  otherAt(): number;
  otherLength(): number;
  lineCount(): number;
  hasPairs(): number;
  stacksRead(): number;
  framesRead(): number;
  framesAt(): number;
  boundsAt(): number;
  firstAt(): number;
  secondAt(): number;
  clear(): void;
  namesRead(): number;
  namesAt(): number;
  textAt(): number;
  textBytes(): number;
  scratch(length: number): number;
  find(length: number): number;
  renew(): void;
}

const PIECE = 1 << 16;
const FAILED = 0xffffffff;
/** Number of labels to keep as strings. Keeping all labels of a large table would take 30 MB. */
const KEPT_LABELS = 1 << 12;
/** Size of a name's entry in bytes; see `assembly/names.ts`. */
const NAME = 16;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

let compiled: WebAssembly.Module | undefined;

/** The module's imports. */
interface Imports {
  readonly decimal: (at: number, length: number) => number;
  readonly canonical: (id: number) => number;
}

/** Returns the exports of a new module instance. Throws if WebAssembly is not available or memory runs out. */
export function scannerInstance(imports: Imports): WebAssembly.Exports {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(SCANNER_MODULE), (char) => char.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { ...imports } }).exports;
}

/** The WebAssembly scanner. Its constructor throws if WebAssembly is not available or memory runs out. */
export class WasmScanner implements FoldedScanner {
  readonly #wasm: Exports;
  #bytes: Uint8Array = new Uint8Array(0);
  #table: WasmNames;

  constructor() {
    this.#wasm = scannerInstance({
      decimal: (at, length) => countOf(decoder.decode(this.#slice(at, length))),
      canonical: (id) => this.#canonical(id),
    }) as unknown as Exports;
    // the random number's bits seed the hash for names
    checkMemory(this.#wasm.begin(Math.random(), MAX_LINE, BATCH_FRAMES));
    this.#table = new WasmNames(this.#wasm);
  }

  #slice(at: number, length: number): Uint8Array {
    // growing the memory detaches all views
    if (this.#bytes.buffer !== this.#wasm.memory.buffer)
      this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
    return this.#bytes.subarray(at, at + length);
  }

  /** Cleans a name, and returns the number of the first name with the same label. */
  #canonical(id: number): number {
    const bytes = this.#table.bytes(id);
    const label = encoder.encode(nameToLabel(bytes));
    if (label.length === bytes.length && label.every((byte, i) => byte === bytes[i])) return id;
    const at = this.#wasm.scratch(label.length);
    if (at === 0) return FAILED;
    this.#slice(at, label.length).set(label);
    return this.#wasm.find(label.length);
  }

  space(): Uint8Array {
    checkMemory(this.#wasm.makeSpace(PIECE));
    return this.#slice(this.#wasm.spaceAt(), PIECE);
  }

  advance(length: number): void {
    this.#wasm.advance(length);
  }

  pending(): number {
    return this.#wasm.pending();
  }

  restart(): void {
    this.#wasm.restart();
  }

  scan(): StopCode {
    return this.#wasm.scan();
  }

  other(): Uint8Array {
    return this.#slice(this.#wasm.otherAt(), this.#wasm.otherLength());
  }

  get lines(): number {
    return this.#wasm.lineCount();
  }

  get hasPairs(): boolean {
    return this.#wasm.hasPairs() !== 0;
  }

  get waiting(): number {
    return this.#wasm.framesRead();
  }

  moveTo(builder: StackBuilder): void {
    const wasm = this.#wasm;
    const { buffer } = wasm.memory;
    const stacks = wasm.stacksRead();
    builder.addAll(
      new Uint32Array(buffer, wasm.framesAt(), wasm.framesRead()),
      new Uint32Array(buffer, wasm.boundsAt(), stacks),
      new Float64Array(buffer, wasm.firstAt(), stacks),
      new Float64Array(buffer, wasm.secondAt(), stacks),
    );
    wasm.clear();
  }

  get table(): FrameTable {
    return this.#table;
  }

  get tableIsFull(): boolean {
    return this.#wasm.namesRead() >= MAX_NAMES || this.#wasm.textBytes() >= MAX_NAME_BYTES;
  }

  renewTable(): void {
    this.#table.detach();
    this.#wasm.renew();
    this.#table = new WasmNames(this.#wasm);
  }
}

/** A frame table for the names in the module's memory. Labels are created only when they are requested. */
class WasmNames implements FrameTable {
  readonly labelsOnly = true;
  #wasm: Exports | undefined;
  #entries: Uint32Array = new Uint32Array(0);
  #text: Uint8Array = new Uint8Array(0);
  #size = 0;
  /** Recently requested labels, indexed by the low bits of their frame numbers, and the full frame numbers. */
  readonly #labels: string[] = [];
  readonly #labelled = new Int32Array(KEPT_LABELS).fill(-1);

  constructor(wasm: Exports) {
    this.#wasm = wasm;
  }

  get size(): number {
    return this.#wasm ? this.#wasm.namesRead() : this.#size;
  }

  label(id: number): string {
    const place = id & (KEPT_LABELS - 1);
    if (this.#labelled[place] !== id) {
      this.#labelled[place] = id;
      this.#labels[place] = nameToLabel(this.bytes(id));
    }
    return this.#labels[place]!;
  }

  frame(id: number): Frame {
    return { label: this.label(id) };
  }

  bytes(id: number): Uint8Array {
    this.#look();
    const at = (id * NAME) >>> 2;
    const from = this.#entries[at]!;
    return this.#text.subarray(from, from + this.#entries[at + 1]!);
  }

  /** Creates new views of the module's memory, because names may have moved. */
  #look(): void {
    if (!this.#wasm) return;
    const { buffer } = this.#wasm.memory;
    this.#entries = new Uint32Array(buffer, this.#wasm.namesAt(), (this.#wasm.namesRead() * NAME) >>> 2);
    this.#text = new Uint8Array(buffer, this.#wasm.textAt(), this.#wasm.textBytes());
  }

  /** Copies the names out of the module's memory, where other names will overwrite them. */
  detach(): void {
    this.#look();
    this.#size = this.size;
    this.#entries = this.#entries.slice();
    this.#text = this.#text.slice();
    this.#wasm = undefined;
  }
}

/** @param isEnough 0 if the module does not have enough memory */
function checkMemory(isEnough: number): void {
  if (isEnough === 0) throw new RangeError('there is not enough memory to read the folded text');
}
