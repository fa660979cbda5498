import { readDtrace, type DtraceSummary } from '@stapflame/dtrace-parser';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { TraceFlags } from '../commands/trace-options.ts';
import type { StackInput } from './input.ts';

export function openDtrace(sources: ByteSources, { labelOffset, maxRecordLines }: TraceFlags): StackInput {
  const reader = readDtrace(sources, {
    label: { offset: labelOffset ?? false },
    ...(maxRecordLines !== undefined && { maxRecordLines }),
  });
  return {
    batches: reader,
    told: () => ({ read: reader.summary }),
    unusable: () => whyUnusable(reader.summary),
  };
}

function whyUnusable({ whole, truncated }: DtraceSummary): string | undefined {
  if (whole > 0) return undefined;
  if (truncated > 0)
    return 'there are frames but no counts; dtrace may have ended before it printed its aggregations';
  return 'expected DTrace aggregations with stacks, such as those of @[stack()] = count(), found none';
}
