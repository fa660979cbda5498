import type { StackBatch } from '@stapflame/stacks';
import type { LookupOptions, LookupSummary, ModuleReport } from '@stapflame/symbols';
import type { SymbolFlags } from '../commands/symbol-options.ts';
import { CliError, Exit } from '../exit.ts';
import { onFirstSignal, onSecondSignal } from '../io/signals.ts';
import { filesBeside } from './beside.ts';
import type { SymbolFiles } from './symbol-files.ts';

/** The result of the name lookup. */
export interface NamesTold extends LookupSummary {
  readonly modules: readonly ModuleReport[];
}

/** Looks up names while stacks pass through. */
export interface Naming {
  lookUp(batches: AsyncIterable<StackBatch>): AsyncIterable<StackBatch>;
  told(): NamesTold;
  /** Ends the processes that the lookup started. */
  close(): void;
}

/** The directory where distributions install debug information. */
const SYSTEM = '/usr/lib/debug';

/** Whether to look up names: true if there are symbol files or a flag requests the lookup. */
export function asksForNames(
  traces: readonly string[],
  { symbols, debugDir = [], debuginfod = false }: SymbolFlags,
): boolean {
  return debuginfod || debugDir.length > 0 || (symbols ?? traces.flatMap(filesBeside)).length > 0;
}

/**
 * Creates the name lookup. It uses the symbol files that the flags name, or else those next to the traces. Returns
 * `undefined` if there are no symbol files.
 */
export async function namingFor(
  traces: readonly string[],
  { symbols, debugDir = [], debuginfod = false, inlines = true }: SymbolFlags,
  { label, frames }: Required<Pick<LookupOptions, 'label' | 'frames'>>,
): Promise<Naming | undefined> {
  if (debuginfod && !process.env['DEBUGINFOD_URLS'])
    throw new CliError(
      Exit.USAGE,
      '--debuginfod: expected servers in the environment variable DEBUGINFOD_URLS, got none; set DEBUGINFOD_URLS=https://debuginfod.elfutils.org',
    );
  const files = symbols ?? traces.flatMap(filesBeside);
  if (files.length === 0) {
    refuseUnusable(debugDir.length > 0 || debuginfod);
    return undefined;
  }
  const { readSymbolFiles } = await import('./symbol-files.ts');
  return started(readSymbolFiles(files), { debugDir, debuginfod }, { inlines, label, frames });
}

/** Throws if debug information is requested without symbol files, because only symbol files say which build ran. */
function refuseUnusable(isWanted: boolean): void {
  if (!isWanted) return;
  throw new CliError(
    Exit.USAGE,
    '--debug-dir and --debuginfod need to know which build ran; use --symbols to name the file from record --save (there is no TRACE.symbols next to the trace), or the file with debug information',
  );
}

async function started(
  { sites, perfMaps, elfFiles }: SymbolFiles,
  { debugDir, debuginfod }: Required<Pick<SymbolFlags, 'debugDir' | 'debuginfod'>>,
  options: LookupOptions,
): Promise<Naming> {
  const { FileLookup, KnownCode, NameLookup } = await import('./lookup.ts');
  const inFiles = new FileLookup({ files: elfFiles, directories: [...debugDir, SYSTEM], debuginfod });
  const names = new NameLookup(new KnownCode(sites, perfMaps), inFiles.lookup, options);
  // After a signal, the remaining stacks pass through without a lookup.
  const release = [onFirstSignal(() => inFiles.close()), onSecondSignal(() => inFiles.close())];
  return {
    lookUp: (batches) => names.lookUp(batches),
    told: () => ({ ...names.summary, modules: inFiles.report }),
    close: () => {
      inFiles.close();
      for (const each of release) each();
    },
  };
}
