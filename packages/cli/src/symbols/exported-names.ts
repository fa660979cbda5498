import type { LookupOptions } from '@stapflame/symbols';
import type { Treatment } from '../convert.ts';

/**
 * For a process of this machine that is about to be sampled: distinguishes exported functions from functions that only
 * got the name of an exported one (see `ExportedNames`). `undefined` if its files name all functions.
 */
export async function exportedNamesOf(pid: number, options: LookupOptions): Promise<Treatment['naming']> {
  const { SampledProcess } = await import('../sampling/sampled-process.ts');
  const process = await SampledProcess.open(pid);
  if (!process) return undefined;
  await process.look().finally(() => process.close());
  if (process.exported.size === 0) return undefined;
  const { KnownCode, NameLookup } = await import('./lookup.ts');
  const site = { buildIds: {}, processes: [], exported: Object.fromEntries(process.exported) };
  const nothing = async (places: readonly unknown[]): Promise<readonly undefined[]> =>
    places.map(() => undefined);
  const names = new NameLookup(new KnownCode([site]), nothing, options);
  return { lookUp: (batches) => names.lookUp(batches) };
}
