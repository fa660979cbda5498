import { FoldedReader, FoldedWriter, type FoldedWriterOptions, type StackBatch } from '../src/index.ts';
import { PlainScanner } from '../src/folded/plain-scanner.ts';
import { WasmScanner } from '../src/folded/wasm-scanner.ts';

/** The chunk sizes in which everything is read: one byte, odd sizes, and a size larger than any input. */
export const SIZES = [1, 2, 3, 61, 4099, 1 << 20] as const;

/** Each scanner's name, and a function that makes a reader with that scanner. */
export const READERS: readonly (readonly [string, () => FoldedReader])[] = [
  ['the WebAssembly scanner', () => new FoldedReader(new WasmScanner())],
  ['the plain scanner', () => new FoldedReader(new PlainScanner())],
];

export function readAll(
  reader: FoldedReader,
  text: string | Uint8Array,
  size: number = 1 << 20,
): StackBatch[] {
  const bytes = Buffer.from(text);
  const batches: StackBatch[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    reader.push(bytes.subarray(at, at + size));
    batches.push(...reader.take());
  }
  return [...batches, ...reader.finish()];
}

export function writeAll(batches: Iterable<StackBatch>, options: FoldedWriterOptions = {}): string {
  const writer = new FoldedWriter(options);
  const pieces: Buffer[] = [];
  for (const batch of batches) for (const piece of writer.write(batch)) pieces.push(Buffer.from(piece));
  for (const piece of writer.finish()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}
