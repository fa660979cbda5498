import { stapArguments } from './arguments.ts';
import { plan, type CostEstimate } from './estimate.ts';
import type { ScriptOptions } from './options.ts';
import { aggregateScript } from './probes/aggregate.ts';
import { offCpuScript } from './probes/off-cpu.ts';
import { offCpuTopScript } from './probes/off-cpu-top.ts';
import { streamScript } from './probes/stream.ts';
import { resolveOptions } from './resolve.ts';

/** A script, and what stap needs to run it. */
export interface SamplingScript {
  /** SystemTap source text. */
  readonly text: string;
  /** Arguments for stap before the script, as a process receives them: unquoted. */
  readonly stapArguments: readonly string[];
  /** How samples are delivered. */
  readonly mode: 'stream' | 'aggregate';
  /** The estimated cost of a run. */
  readonly estimate: CostEstimate;
  /** Notes for the user, such as a limit that is not used. */
  readonly notes: readonly string[];
}

const WRITERS = {
  'on-cpu': { stream: streamScript, aggregate: aggregateScript },
  'off-cpu': { stream: offCpuScript, aggregate: offCpuTopScript },
} as const;

/** Makes the script for these options; throws `ScriptError`. Needs no stap, no root and no live process. */
export function generateScript(options: ScriptOptions): SamplingScript {
  const resolved = resolveOptions(options);
  const chosen = plan(resolved);
  const { stream, aggregate } = WRITERS[resolved.kind];
  const write = chosen.mode === 'stream' ? stream : aggregate;
  return {
    text: write(resolved),
    stapArguments: stapArguments(resolved, chosen),
    mode: chosen.mode,
    estimate: chosen.estimate,
    notes: chosen.notes,
  };
}
