import { convert, type Treatment } from '../convert.ts';
import type { KindFlags } from '../inputs/open.ts';
import { TRACES } from '../inputs/table.ts';
import { foundFramesFor, type OutputKind } from '../outputs/output.ts';
import type { Summary } from '../summary.ts';
import { namingFor } from '../symbols/naming.ts';
import type { CommonOptions } from './context.ts';
import type { NameFlags } from './name-options.ts';
import type { SymbolFlags } from './symbol-options.ts';
import { labelOptions, type FoldFlags, type TraceFlags } from './trace-options.ts';

/** Reads traces, looks up missing names, and writes the result in another format. */
export async function convertTraces<OutputFlags>(
  files: readonly string[],
  flags: CommonOptions & KindFlags & TraceFlags & NameFlags & SymbolFlags & FoldFlags & OutputFlags,
  to: OutputKind<OutputFlags>,
  treatment: Treatment,
): Promise<Summary> {
  const naming = await namingFor(files, flags, {
    label: labelOptions(flags),
    frames: foundFramesFor(to),
  });
  if (!naming) return convert(files, flags, TRACES, to, treatment);
  try {
    // The name lookup needs addresses.
    const whole = { ...flags, addresses: true, frames: 'whole' } as const;
    return await convert(files, whole, TRACES, to, { ...treatment, naming });
  } finally {
    naming.close();
  }
}
