import { readPerf, type PerfOptions, type PerfSummary } from '@stapflame/perf-parser';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { TraceFlags } from '../commands/trace-options.ts';
import { counted } from '../summary.ts';
import { forTerminal } from '../terminal.ts';
import type { StackInput } from './input.ts';

export function openPerf(sources: ByteSources, flags: TraceFlags): StackInput {
  const reader = readPerf(sources, perfOptions(flags));
  return {
    batches: reader,
    told: () => ({ read: reader.summary, notes: [...notes(reader.summary)] }),
    unusable: () => whyUnusable(reader.summary, flags),
  };
}

function perfOptions({ root, maxRecordLines, ...flags }: TraceFlags): PerfOptions {
  const event = eventOf(flags);
  return {
    ...(event !== undefined && { event }),
    ...(root !== undefined && { root }),
    ...(maxRecordLines !== undefined && { maxRecordLines }),
    addresses: flags.addresses ?? false,
    label: {
      module: flags.labelModule ?? false,
      offset: flags.labelOffset ?? false,
      kernel: flags.labelKernel ?? false,
      jit: flags.labelJit ?? false,
      address: flags.labelAddress ?? false,
    },
  };
}

function eventOf({
  perfEvent,
  eventFilter,
}: Pick<TraceFlags, 'perfEvent' | 'eventFilter'>): string | undefined {
  return perfEvent ?? eventFilter;
}

/** Returns a note that names the events that were left out, and the option that reads them. */
function* notes({ event, otherEvents, branchStacks }: PerfSummary): Generator<string> {
  const others = Object.entries(otherEvents);
  if (others.length > 0) {
    const told = others.map(([name, records]) => `${records} for ${forTerminal(name)}`).slice(0, 5);
    yield `only samples for ${forTerminal(event ?? '')}, leaving out ${told.join(', ')} (--perf-event)`;
  }
  if (branchStacks > 0) yield `${counted(branchStacks, 'branch stack')} skipped`;
}

/** Returns why no sample can be used, or `undefined` if at least one can be used. */
function whyUnusable({ whole, damaged, otherEvents }: PerfSummary, flags: TraceFlags): string | undefined {
  if (whole > 0) return undefined;
  const others = Object.keys(otherEvents).map(forTerminal);
  if (others.length > 0)
    return `there are no samples for ${eventOf(flags)}; --perf-event: expected one of ${others.slice(0, 20).join(', ')}`;
  if (damaged > 0) return `all samples are damaged (${damaged}); record again`;
  return 'no samples; check that the input is perf script output with the fields ip, sym and dso';
}
