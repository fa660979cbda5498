import { readBpftrace, type BpftraceSummary } from '@stapflame/bpftrace-parser';
import type { ByteSources } from '@stapflame/stacks/stream';
import type { TraceFlags } from '../commands/trace-options.ts';
import { forTerminal } from '../terminal.ts';
import type { StackInput } from './input.ts';

export function openBpftrace(sources: ByteSources, flags: TraceFlags): StackInput {
  const reader = readBpftrace(sources, {
    ...(flags.bpftraceMap !== undefined && { map: flags.bpftraceMap }),
    label: {
      module: flags.labelModule ?? false,
      offset: flags.labelOffset ?? false,
      kernel: flags.labelKernel ?? false,
    },
  });
  return {
    batches: reader,
    told: () => ({ read: reader.summary, notes: [...notes(reader.summary)] }),
    unusable: () => whyUnusable(reader.summary),
  };
}

/** Returns a note that names the maps that were left out, and the option that reads them. */
function* notes({ map, otherMaps }: BpftraceSummary): Generator<string> {
  const others = Object.keys(otherMaps).map(forTerminal);
  if (others.length > 0)
    yield `only the map ${forTerminal(map ?? '')}, leaving out ${others.slice(0, 5).join(', ')} (--bpftrace-map)`;
}

/** Returns why no map element can be used, or `undefined` if at least one can be used. */
function whyUnusable({ whole, truncated, damaged, otherMaps }: BpftraceSummary): string | undefined {
  if (whole > 0) return undefined;
  const others = Object.keys(otherMaps).map(forTerminal);
  if (others.length > 0)
    return `there are no stacks in the requested map; --bpftrace-map: expected one of ${others.slice(0, 20).join(', ')}`;
  if (damaged > 0) return `all map elements are damaged (${damaged}); sample again with text output`;
  if (truncated > 0)
    return 'there are frames but no counts; bpftrace may have been killed before it printed its maps';
  return 'expected bpftrace maps with stacks, such as those of @[kstack] = count() or @[ustack] = count(), found none';
}
