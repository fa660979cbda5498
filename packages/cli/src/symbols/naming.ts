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

/** Looks up names as the stacks pass through. */
export interface Naming {
  lookUp(batches: AsyncIterable<StackBatch>): AsyncIterable<StackBatch>;
  told(): NamesTold;
  /** Ends the processes that the lookup started. */
  close(): void;
}

/** The directory in which distributions install debug information. */
const SYSTEM = '/usr/lib/debug';

/** Whether to look up names: there are symbol files, or a flag needs them. */
export function asksForNames(
  traces: readonly string[],
  { symbols, debugDir = [], debuginfod = false }: SymbolFlags,
): boolean {
  return debuginfod || debugDir.length > 0 || (symbols ?? traces.flatMap(filesBeside)).length > 0;
}

/** The lookup in the files that the flags name, or else in those next to the traces; `undefined` without any files. */
export async function namingFor(
  traces: readonly string[],
  { symbols, debugDir = [], debuginfod = false, inlines = true }: SymbolFlags,
  { label, frames }: Required<Pick<LookupOptions, 'label' | 'frames'>>,
): Promise<Naming | undefined> {
  if (debuginfod && !process.env['DEBUGINFOD_URLS'])
    throw new CliError(
      Exit.USAGE,
      '--debuginfod: expected servers in the variable DEBUGINFOD_URLS, got none; set DEBUGINFOD_URLS=https://debuginfod.elfutils.org',
    );
  const files = symbols ?? traces.flatMap(filesBeside);
  if (files.length === 0) {
    refuseUnusable(debugDir.length > 0 || debuginfod);
    return undefined;
  }
  const { readSymbolFiles } = await import('./symbol-files.ts');
  return started(readSymbolFiles(files), { debugDir, debuginfod }, { inlines, label, frames });
}

/** Refuses flags for debug information if there are no symbol files, which say which build ran. */
function refuseUnusable(isWanted: boolean): void {
  if (!isWanted) return;
  throw new CliError(
    Exit.USAGE,
    '--debug-dir and --debuginfod need to know which build ran: with --symbols, name the file from record --save (there is no TRACE.symbols beside the trace) or the debug information file itself',
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
  // the remaining stacks pass through without further names
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
