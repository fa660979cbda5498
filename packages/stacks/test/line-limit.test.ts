import { describe, expect, it, vi } from 'vitest';
import { SortedSurveyor } from '../src/index.ts';
import { PlainMemory, WasmMemory } from '../src/folded/line-memory.ts';

// Lowers the limit for a line from 64 MiB to 1 KiB.
vi.mock('../src/folded/scanner.ts', async (load) => ({
  ...(await load<typeof import('../src/folded/scanner.ts')>()),
  MAX_LINE: 1 << 10,
}));

describe.each([
  ['the WebAssembly memory', () => new WasmMemory()],
  ['the plain memory', () => new PlainMemory()],
] as const)('a survey with %s', (_, newMemory) => {
  it('reports an input as not sorted if a line is too long, without reading the line to its end', () => {
    let bytes = 0;
    const endless = {
      read: (into: Uint8Array) => {
        into.fill(0x61);
        bytes += into.length;
        return into.length;
      },
    };
    expect(new SortedSurveyor(newMemory()).survey(endless)).toMatchObject({ isSorted: false, stacks: 0 });
    expect(bytes).toBeLessThan(1 << 20);
  });
});
