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

/** Why none of the records in a trace can be used. */
function whyUnusable(trace: ParserSummary, heads: readonly Uint8Array[]): string | undefined {
  if (trace.whole > 0) return undefined;
  if (trace.bytes === 0)
    return 'the trace is empty; was the process there, did it run on a CPU, and did stap print an error on stderr?';
  if (heads.some(isOwnTrace) && trace.complete && trace.records === 0)
    return 'no samples: the target was idle, or ended during sampling';
  const [damage] = trace.damage;
  if (damage) {
    return `every record is damaged (${trace.damaged}), the first ${describeDamage(damage)}; sample again`;
  }
  const separator = trace.hints.find(({ kind }) => kind === 'separator');
  if (separator !== undefined) return `there are no count lines (TAB, number), and ${hintText(separator)}`;
  if (trace.truncated > 0) {
    return 'there are frames but no count lines (TAB, number); if samples are separated by blank lines, use --blank-separated';
  }
  return 'no SystemTap frames and no count lines (TAB, number); is it a trace?';
}
