import { FrameList, StackBatch, type Frame } from '@stapflame/stacks';
import {
  KnownCode,
  NameLookup,
  type CodePlace,
  type FoundFunctions,
  type LookupOptions,
} from '../../src/index.ts';

export const MODULE = '/bin/app';
export const KERNEL: Frame = { label: 'read_zero', symbol: 'read_zero', kernel: true };
export const CODE = new KnownCode([
  {
    buildIds: { [MODULE]: 'ab12' },
    processes: [{ pid: 7, maps: `1000-2000 r-xp 00000000 fe:00 7 ${MODULE}\n`, perfMap: '8000 10 JS:*hot' }],
    kallsyms: 'ffffffff81000000 T schedule\n',
  },
]);
export const nameless = (offset: number): Frame => ({
  label: '[app]',
  module: MODULE,
  offset,
  kernel: false,
});

/** The stacks with the names found, and the locations where functions were looked up. */
interface Looked {
  readonly batch: StackBatch;
  readonly places: readonly CodePlace[];
}

/** Looks up names in stacks, each with a weight of 3. `functions` contains the functions at each offset. */
export async function look(
  stacks: readonly (readonly Frame[])[],
  functions: Readonly<Record<number, FoundFunctions>> = {},
  options: LookupOptions = {},
): Promise<Looked> {
  const places: CodePlace[] = [];
  const names = new NameLookup(
    CODE,
    async (asked) => {
      places.push(...asked);
      return asked.map(({ offset }) => functions[offset]);
    },
    options,
  );
  return { batch: await lookedUp(names, batchOf(stacks)), places };
}

/** Returns the first batch with the names found. */
export async function lookedUp(names: NameLookup, ...given: readonly StackBatch[]): Promise<StackBatch> {
  for await (const batch of names.lookUp(given)) return batch;
  throw new Error('expected a batch, but got none');
}

/** Creates a batch of stacks, each with a weight of 3. A frame object that occurs several times has one number. */
export function batchOf(stacks: readonly (readonly Frame[])[]): StackBatch {
  const table = new FrameList();
  const ids = new Map<Frame, number>();
  const bounds = [0];
  const frames = stacks.flatMap((stack) => {
    bounds.push(bounds.at(-1)! + stack.length);
    return stack.map((frame) => {
      if (!ids.has(frame)) ids.set(frame, table.add(frame));
      return ids.get(frame)!;
    });
  });
  return new StackBatch({
    table,
    frames: Uint32Array.from(frames),
    bounds: Uint32Array.from(bounds),
    weights: [new Float64Array(stacks.length).fill(3)],
  });
}

export const labelsOf = (batch: StackBatch): string[][] =>
  [...batch].map(({ frames }) => frames.map(({ label }) => label));
