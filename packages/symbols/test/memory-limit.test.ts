import { describe, expect, it } from 'vitest';
import { withMemoryLimit } from '../src/demangle/memory-limit.ts';

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** The section that exports the memory as `m`. */
const EXPORTS = [7, 5, 1, 1, 'm'.charCodeAt(0), 2, 0];

/** Returns the memory of a module with this memory section, after the limit was added. */
function limited(memory: readonly number[], pages: number): WebAssembly.Memory {
  const bytes = withMemoryLimit(Uint8Array.from([...MAGIC, ...memory, ...EXPORTS]), pages);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports['m'] as WebAssembly.Memory;
}

describe('a memory limit', () => {
  it.each([
    ['one byte', [5, 3, 1, 0, 1], 1, 5],
    ['two bytes', [5, 4, 1, 0, 0x82, 1], 130, 300],
  ])('of %s keeps the minimum, and stops the memory from growing further', (_, memory, minimum, pages) => {
    const { buffer } = limited(memory, pages);
    expect(buffer.byteLength).toBe(minimum << 16);
    const grown = limited(memory, pages);
    expect(grown.grow(pages - minimum)).toBe(minimum);
    expect(() => grown.grow(1)).toThrow(RangeError);
  });

  it('is not added to a module without a memory', () => {
    expect(() => withMemoryLimit(Uint8Array.from([...MAGIC, 1, 1, 0]), 5)).toThrow(
      /does not define a memory/,
    );
  });
});
