import { stapArguments } from './arguments.ts';
import { plan, type CostEstimate } from './estimate.ts';
import type { ScriptOptions } from './options.ts';
import { aggregateScript } from './probes/aggregate.ts';
import { offCpuScript } from './probes/off-cpu.ts';
import { offCpuTopScript } from './probes/off-cpu-top.ts';
import { streamScript } from './probes/stream.ts';
import { resolveOptions } from './resolve.ts';

/** A script, and the arguments that stap needs to run it. */
export interface SamplingScript {
  /** The script's source text. */
  readonly text: string;
  /** The stap arguments that precede the script, not quoted for a shell. */
  readonly stapArguments: readonly string[];
  /** Whether each sample is printed immediately or samples are counted in the kernel. */
  readonly mode: 'stream' | 'aggregate';
  /** The estimated cost of a run. */
  readonly estimate: CostEstimate;
  /** Notes for the user, such as a note that the limit has no effect. */
  readonly notes: readonly string[];
}

const WRITERS = {
  'on-cpu': { stream: streamScript, aggregate: aggregateScript },
  'off-cpu': { stream: offCpuScript, aggregate: offCpuTopScript },
} as const;

/**
 * Generates the script for these options. Needs no stap, no root access and no running target. Throws `ScriptError`.
 */
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
