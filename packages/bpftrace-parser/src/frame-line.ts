import { labelOf, leafLabelOf, type Frame } from '@stapflame/stacks';
import type { ResolvedOptions } from './options.ts';

/**
 * A line that contains a frame, as `kstack` and `ustack` print it in their modes `bpftrace`, `perf` and `raw`:
 *
 *     do_syscall_64+113
 *     0x7fb7ecc1a2ec                                   without a symbol
 *     55c9f680c1b8 hash+31 (/opt/burn/burn)            perf
 *     ffffffff816d5c2b                                 raw
 */
const PERF = /^([0-9a-f]{8,16}) (.+?)(?: \(([^()]*)\))?$/;
const ADDRESS = /^(?:0x[0-9a-f]{1,16}|[0-9a-f]{8,16})$/;
const KERNEL_ADDRESS = /^(?:0x)?[89a-f][0-9a-f]{15}$/;
const OFFSET = /\+(\d{1,10})$/;

export function frameOf(line: string, { label: labels }: ResolvedOptions): Frame {
  const text = line.trim();
  const [, digits, printed = text, place] = PERF.exec(text) ?? [];
  const isAddress = ADDRESS.test(printed);
  const address = isAddress ? printed : digits;
  const module = place === '[unknown]' || place === '' ? undefined : place;
  const offset = OFFSET.exec(printed)?.[1];
  const symbol = printed.replace(OFFSET, '');
  const kernel = address === undefined ? undefined : KERNEL_ADDRESS.test(address);
  const at = labels.offset && offset !== undefined ? `+0x${Number(offset).toString(16)}` : '';
  const where =
    labels.module && module !== undefined ? ` [${module.slice(module.lastIndexOf('/') + 1)}]` : '';
  const label = leafLabelOf(labelOf(`${symbol}${at}${where}`));
  return {
    label: labels.kernel && kernel === true ? `${label}_[k]` : label,
    ...(!isAddress && { symbol }),
    ...(offset !== undefined && { offset: Number(offset) }),
    ...(module !== undefined && { module }),
    ...(address !== undefined && { address: address.startsWith('0x') ? address : `0x${address}` }),
    ...(kernel !== undefined && { kernel }),
  };
}
