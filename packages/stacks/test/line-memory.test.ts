import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Found,
  foundIn,
  placeIn,
  PlainMemory,
  WasmMemory,
  type LineMemory,
} from '../src/folded/line-memory.ts';

const LINE_FEED = 0x0a;

/**
 * Puts a line into a memory, and scans the line from byte `begin` on. Returns the line's length and what the scan
 * found.
 */
function scanned(memory: LineMemory, line: Uint8Array, begin: number): readonly [number, number] {
  memory.clear();
  const from = memory.allocate(line.length + 1);
  memory.bytes.set([...line, LINE_FEED], from);
  const result = memory.scan(from, from + begin);
  return [placeIn(result) - from, foundIn(result)];
}

const someByte = fc.oneof(
  fc.constantFrom(...Buffer.from('ab ;#\t\u0001\u007f'), 0xc3, 0xa9),
  fc.nat(255).filter((byte) => byte !== LINE_FEED),
);
const someLine = fc.array(someByte, { maxLength: 40 });

describe.each([
  ['the WebAssembly memory', () => new WasmMemory()],
  ['the plain memory', () => new PlainMemory()],
] as const)('a line in %s', (_, newMemory) => {
  it.each([
    ['is plain', 'a b;c-d<e>;f 1', Found.PLAIN],
    ['with a `#` needs a closer look', 'a#b 1', Found.LOOK],
    ['with a character that is not ASCII needs a closer look', 'é 1', Found.LOOK],
    ['with a control character is not plain', 'a\tb 1', Found.NOT_PLAIN],
    ['that begins with an empty name is not plain', ';a 1', Found.NOT_PLAIN],
    ['with an empty name is not plain', 'a;;b 1', Found.NOT_PLAIN],
    ['with a name that begins with a blank is not plain', 'a; b 1', Found.NOT_PLAIN],
    ['with a name that ends with a blank is not plain', 'a ;b 1', Found.NOT_PLAIN],
    ['with an empty name is not plain, even if another name needs a closer look', 'é;; #', Found.NOT_PLAIN],
  ])('%s', (__, text, found) => {
    const line = Buffer.from(text);
    expect(scanned(newMemory(), line, 0)).toEqual([line.length, found]);
  });
  it('that was checked up to the middle of a character needs a closer look', () => {
    expect(scanned(newMemory(), Buffer.from('é 1'), 1)).toEqual([4, Found.LOOK]);
  });
});

it('both memories produce the same result for any part of any line', () => {
  const [wasm, plain] = [new WasmMemory(), new PlainMemory()];
  fc.assert(
    fc.property(someLine, fc.nat(40), (bytes, begin) => {
      const line = Uint8Array.from(bytes);
      const at = Math.min(begin, line.length);
      expect(scanned(wasm, line, at)).toEqual(scanned(plain, line, at));
    }),
  );
});
