import { aggregatedScript } from './aggregated.ts';
import { resolveOptions, type ScriptOptions } from './options.ts';
import { streamingScript } from './streaming.ts';

/** A script, and what stap must be told to run it. */
export interface SamplingScript {
  /** SystemTap source text. */
  readonly text: string;
  /** Arguments for stap before the script: limits the script relies on. */
  readonly stapArguments: readonly string[];
}

/** Makes the script for these options; throws `ScriptError`. Needs no stap, no root and no live process. */
export function generateScript(options: ScriptOptions): SamplingScript {
  const resolved = resolveOptions(options);
  const { limit, maxBacktrace, pid } = resolved;
  const common = ['-x', String(pid), `-DMAXBACKTRACE=${maxBacktrace}`];
  if (limit === undefined) return { text: streamingScript(resolved), stapArguments: [...common, '-s', '2'] };
  return {
    text: aggregatedScript({ ...resolved, limit }),
    // 2048 characters hold about 107 kernel or 137 user addresses
    stapArguments: [
      ...common,
      '-s',
      '16',
      '-DMAXSTRINGLEN=2048',
      '-DMAXMAPENTRIES=5000',
      '-DMAXACTION=100000',
    ],
  };
}
