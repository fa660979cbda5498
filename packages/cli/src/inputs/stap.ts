import { readTraces, type ParserSummary } from '@stapflame/stap-parser';
import type { ByteSources } from '@stapflame/stacks/stream';
import { describeDamage } from '../damage.ts';
import { hintText } from '../hints.ts';
import { parserOptions, type TraceFlags } from '../commands/trace-options.ts';
import type { StackInput } from './input.ts';
import { isOwnTrace } from './table.ts';

export function openTraces(sources: ByteSources, flags: TraceFlags): StackInput {
  const reader = readTraces(sources, parserOptions(flags));
  return {
    batches: reader,
    told: () => ({ trace: reader.summary }),
    unusable: (heads) => whyUnusable(reader.summary, heads),
  };
}

/** Returns why no record of the trace can be used, or `undefined` if at least one can be used. */
function whyUnusable(trace: ParserSummary, heads: readonly Uint8Array[]): string | undefined {
  if (trace.whole > 0) return undefined;
  if (trace.bytes === 0)
    return 'the trace is empty; check that the process was running, that it used a CPU, and that stap printed no error on stderr';
  if (heads.some(isOwnTrace) && trace.complete && trace.records === 0)
    return 'no samples: the target was idle, or it ended before it was sampled';
  const [damage] = trace.damage;
  if (damage) {
    return `all records are damaged (${trace.damaged}), the first ${describeDamage(damage)}; sample again`;
  }
  const separator = trace.hints.find(({ kind }) => kind === 'separator');
  if (separator !== undefined)
    return `there are no lines with a count (TAB, number), and ${hintText(separator)}`;
  if (trace.truncated > 0) {
    return 'there are frames but no lines with a count (TAB, number); if blank lines separate the samples, add --blank-separated';
  }
  return 'no SystemTap frames and no lines with a count (TAB, number); check that the input is a trace';
}
