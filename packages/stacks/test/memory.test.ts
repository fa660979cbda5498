import { setFlagsFromString } from 'node:v8';
import { afterEach, describe, expect, it } from 'vitest';
import { FoldedReader } from '../src/index.ts';
import { createLineMemory, PlainMemory, WasmMemory } from '../src/folded/line-memory.ts';
import { WasmScanner } from '../src/folded/wasm-scanner.ts';
import { readAll, writeAll } from './text.ts';

const UNLIMITED = 1 << 16;

/** Limits the memory of WebAssembly modules to this many 64 KiB pages. */
const limitTo = (pages: number): void => setFlagsFromString(`--wasm-max-mem-pages=${pages}`);
afterEach(() => limitTo(UNLIMITED));

describe('if there is not enough memory', () => {
  it('the plain scanner replaces the WebAssembly scanner, which cannot start', () => {
    limitTo(0);
    expect(() => new WasmScanner()).toThrow(RangeError);
    expect(writeAll(readAll(new FoldedReader(), 'a 1\n'))).toBe('a 1\n');
  });
  it('lines are merged in plain memory instead of WebAssembly memory', () => {
    expect(createLineMemory()).toBeInstanceOf(WasmMemory);
    limitTo(0);
    expect(createLineMemory()).toBeInstanceOf(PlainMemory);
  });
  it('the WebAssembly scanner throws when it reads a line, stores its names or cleans them', () => {
    // cleaning makes a name of invalid bytes three times as long
    const text = Buffer.concat([Buffer.alloc(300_000, 0xff), Buffer.from(' 1\n')]);
    const reread = (pages: number): string => {
      limitTo(pages);
      const reader = new FoldedReader(new WasmScanner());
      try {
        return writeAll(readAll(reader, text));
      } catch (error) {
        return String(error);
      } finally {
        limitTo(UNLIMITED);
      }
    };
    const [little, enough] = [1, 64];
    const clean = `${'\ufffd'.repeat(300_000)} 1\n`;
    const failure = 'RangeError: there is not enough memory to read the folded text';
    expect(reread(little)).toBe(failure);
    expect(reread(enough) === clean).toBe(true);
    for (let pages = little; pages < enough; pages += 4)
      expect([failure, clean].includes(reread(pages))).toBe(true);
  });
});
