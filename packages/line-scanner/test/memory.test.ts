import { setFlagsFromString } from 'node:v8';
import { afterEach, expect, it } from 'vitest';
import { createScanner } from '../src/index.ts';

const OPTIONS = { maxLineLength: 1 << 24, maxLines: 1 << 10, addresses: false, blanks: false, marks: true };

/** Limits the memory of WebAssembly modules to this many 64 KiB pages. */
const limitTo = (pages: number): void => setFlagsFromString(`--wasm-max-mem-pages=${pages}`);
afterEach(() => limitTo(1 << 16));

it('the WebAssembly scanner cannot be created if there is no room for its tables', () => {
  limitTo(16);
  expect(() => createScanner(OPTIONS, 'wasm')).toThrow(RangeError);
});

it('the plain scanner is used if the WebAssembly scanner has no room for its tables', () => {
  limitTo(16);
  const scanner = createScanner(OPTIONS, 'auto');
  scanner.space().set(new TextEncoder().encode('\t12\n'));
  scanner.advance(4);
  scanner.scan();
  expect(scanner.tokens[1]).toBe(12);
});

it('the WebAssembly scanner throws if a line does not fit into memory', () => {
  const scanner = createScanner(OPTIONS, 'wasm');
  limitTo(400); // the tables already need nearly 300
  const read = (): void => {
    for (let at = 0; at < OPTIONS.maxLineLength;) {
      const space = scanner.space();
      space.fill(0x61);
      scanner.advance(space.length);
      scanner.scan();
      at += space.length;
    }
  };
  expect(read).toThrow('there is not enough memory for a line of this length');
});
