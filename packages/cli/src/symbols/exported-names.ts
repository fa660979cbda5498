import type { ScriptOptions } from '@stapflame/stap-script';
import type { KnownCode, LookupOptions } from '@stapflame/symbols';
import type { RecordFlags } from '../commands/record-options.ts';
import type { Treatment } from '../convert.ts';

/**
 * Returns a name lookup that distinguishes a target's exported functions from functions that were given the name of the
 * nearest exported function (see `ExportedNames`). Returns `undefined` if no file can be read, or if the files name all
 * of their functions.
 */
export async function exportedNamesOf(
  options: ScriptOptions,
  flags: RecordFlags,
  lookup: LookupOptions,
): Promise<Treatment['naming']> {
  const code = await codeOf(options, flags);
  if (!code) return undefined;
  const { NameLookup } = await import('./lookup.ts');
  const nothing = async (places: readonly unknown[]): Promise<readonly undefined[]> =>
    places.map(() => undefined);
  const names = new NameLookup(code, nothing, lookup);
  return { lookUp: (batches) => names.lookUp(batches) };
}

async function codeOf(
  { pid, sysroot }: ScriptOptions,
  { host: hosts = [], ...flags }: RecordFlags,
): Promise<KnownCode | undefined> {
  const { KnownCode } = await import('./lookup.ts');
  const found: Readonly<Record<string, string>>[] = [];
  if (hosts.length > 0) {
    // On a host, only the files of a given process are known.
    if (pid === undefined) return undefined;
    const { exportedAt } = await import('../sampling/exported-there.ts');
    found.push(...(await Promise.all(hosts.map((host) => exportedAt({ host, ...flags }, pid)))));
  } else if (pid === undefined) {
    const { exportedHere } = await import('../sampling/exported-here.ts');
    // stap, too, reads a module's names from this path in the sysroot.
    return new KnownCode([], [], (module) => exportedHere(`${sysroot ?? ''}${module}`));
  } else {
    const { SampledProcess } = await import('../sampling/sampled-process.ts');
    const process = await SampledProcess.open(pid);
    await process?.look().finally(() => process.close());
    found.push(Object.fromEntries(process?.exported ?? []));
  }
  const sites = found
    .filter((exported) => Object.keys(exported).length > 0)
    .map((exported) => ({ buildIds: {}, processes: [], exported }));
  return sites.length === 0 ? undefined : new KnownCode(sites);
}
