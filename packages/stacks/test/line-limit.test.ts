import { describe, expect, it, vi } from 'vitest';
import { SortedSurveyor } from '../src/index.ts';
import { PlainMemory, WasmMemory } from '../src/folded/line-memory.ts';

// The real limit is 64 MiB.
vi.mock('../src/folded/scanner.ts', async (load) => ({
  ...(await load<typeof import('../src/folded/scanner.ts')>()),
  MAX_LINE: 1 << 10,
}));

describe.each([
  ['the WebAssembly memory', () => new WasmMemory()],
  ['the plain memory', () => new PlainMemory()],
] as const)('a survey with %s', (_, newMemory) => {
  it('reports a line that is too long as not sorted, without reading to its end', () => {
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
