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

/** Names the maps that were left out, and the option that reads them. */
function* notes({ map, otherMaps }: BpftraceSummary): Generator<string> {
  const others = Object.keys(otherMaps).map(forTerminal);
  if (others.length > 0)
    yield `only the map ${forTerminal(map ?? '')}, without ${others.slice(0, 5).join(', ')} (--bpftrace-map)`;
}

/** Why no map element can be used. */
function whyUnusable({ whole, truncated, damaged, otherMaps }: BpftraceSummary): string | undefined {
  if (whole > 0) return undefined;
  const others = Object.keys(otherMaps).map(forTerminal);
  if (others.length > 0)
    return `no stacks in the requested map; --bpftrace-map: expected one of ${others.slice(0, 20).join(', ')}`;
  if (damaged > 0) return `${damaged} map elements, all of them damaged; sample again, with text output`;
  if (truncated > 0) return 'there are frames but no counts; was bpftrace killed before it printed its maps?';
  return 'no bpftrace map with a stack; is it the output of @[kstack] = count() or @[ustack] = count()?';
}
