import { hostileTrace } from './hostile.ts';
import type { TraceFacts, TraceSpec } from './kinds.ts';
import { LONGEST_RECORD } from './record-source.ts';
import { createSource } from './records.ts';

const BLOCK = 1 << 20;

/**
 * Generates a trace in blocks of up to 1 MiB, each valid until the next is requested; returns facts about the trace.
 *
 * The kinds have user stacks of 16 to 44 frames (30 on average), leaf first, in the full format that
 * `print_ubacktrace` and `print_usyms` write; lines have about 90 bytes, so 1 GiB has about 12 million.
 * - `low`: 20 000 distinct stacks, drawn with equal probability; counts from 1 to 999, most of them small.
 * - `distinct`: no stack occurs twice, compared by names and not only by addresses.
 * - `sliding`: the stacks of `low` from 64 processes at a time, a new one every 256 records, each loaded
 *   at different addresses.
 * - `framed`: the stacks of `low` as our scripts stream them: each sample framed, a heartbeat every second,
 *   a trailer.
 * - `perf-low`, `perf-distinct`: the stacks of `low` and `distinct` as `perf script` prints them, in sixteen threads.
 * - `shallow`: one frame per record, 100 million records in 9.5 GB; counts as in `low`.
 * - `long-line`: one line of nearly `size` bytes. `wide-lines`: lines of 16 MiB. `deep-record`: one record
 *   of nearly `size` bytes, a million frames in 92 MB.
 */
export function* generateTrace(spec: TraceSpec): Generator<Uint8Array, TraceFacts> {
  const { kind, seed, size } = spec;
  if (kind === 'long-line' || kind === 'wide-lines' || kind === 'deep-record') {
    return yield* hostileTrace({ ...spec, kind });
  }
  const source = createSource(kind, seed);
  const block = Buffer.allocUnsafe(BLOCK);
  let used = block.write(source.head, 0, 'latin1');
  let bytes = used;
  let lines = source.head === '' ? 0 : 1;
  let records = 0;
  let weight = 0;
  // The trailer's length depends on the number of hits; this leaves room for sixteen digits.
  const limit = size - (source.tail(0) === '' ? 0 : source.tail(10 ** 15).length);
  for (;;) {
    const end = source.write(block, used);
    if (bytes + end - used > limit) break;
    bytes += end - used;
    used = end;
    lines += source.lines;
    weight += source.weight;
    records++;
    if (block.length - used < LONGEST_RECORD) {
      yield block.subarray(0, used);
      used = 0;
    }
  }
  const tail = source.tail(records);
  used += block.write(tail, used, 'latin1');
  yield block.subarray(0, used);
  return {
    kind,
    seed,
    bytes: bytes + tail.length,
    lines: lines + (tail === '' ? 0 : 1),
    records,
    weight,
    wholeWeight: weight,
  };
}
