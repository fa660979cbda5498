import type { TraceFacts, TraceSpec } from './kinds.ts';
import { LONGEST_RECORD, type RecordSource } from './record-source.ts';
import { createSource } from './records.ts';

const BLOCK = 1 << 20;
const WIDE_LINE = 16 << 20;
/** The count line of a hostile record. Its weight is counted separately from the weight of the other records. */
const COUNT = '\t7\n';
const COUNT_WEIGHT = 7;

export interface HostileSpec extends TraceSpec {
  readonly kind: 'long-line' | 'wide-lines' | 'deep-record';
}

/** Generates a trace that is hard to read; `generateTrace` describes the kinds. */
export function* hostileTrace(spec: HostileSpec): Generator<Uint8Array, TraceFacts> {
  const source = createSource('low', spec.seed);
  const facts = { bytes: 0, lines: 0, records: 0, weight: 0, wholeWeight: 0 };
  const before = spec.company === 'none' ? Buffer.alloc(0) : wholeRecord(source, facts);
  const after = spec.company === 'none' ? Buffer.alloc(0) : wholeRecord(source, facts);
  const room = spec.size - before.length - after.length;
  yield before;
  if (spec.kind === 'deep-record') yield* deepRecord(source, room, facts);
  else {
    const length = spec.kind === 'wide-lines' ? Math.min(WIDE_LINE, room) : room;
    for (let left = room; left >= length; left -= length) yield* longLine(length, facts);
  }
  yield after;
  return { kind: spec.kind, seed: spec.seed, ...facts };
}

type Tally = { -readonly [Key in Exclude<keyof TraceFacts, 'kind' | 'seed'>]: TraceFacts[Key] };

function wholeRecord(source: RecordSource, facts: Tally): Buffer {
  const block = Buffer.allocUnsafe(LONGEST_RECORD);
  const end = source.write(block, 0);
  facts.wholeWeight += source.weight;
  add(facts, end, source.lines, source.weight);
  return block.subarray(0, end);
}

/** Generates a record of `length` bytes: one line and its count. */
function* longLine(length: number, facts: Tally): Generator<Uint8Array> {
  const head = Buffer.from(' 0x7f637f9362ec : ', 'latin1');
  const filling = Buffer.alloc(BLOCK, 'operator_');
  yield head;
  let left = length - head.length - 1 - COUNT.length;
  for (; left > BLOCK; left -= BLOCK) yield filling;
  yield filling.subarray(0, left);
  yield Buffer.from(`\n${COUNT}`, 'latin1');
  add(facts, length, 2, COUNT_WEIGHT);
}

/** Generates a record with as many frames as fit into `length` bytes together with its count. */
function* deepRecord(source: RecordSource, length: number, facts: Tally): Generator<Uint8Array> {
  const block = Buffer.allocUnsafe(BLOCK + LONGEST_RECORD);
  let used = 0;
  let frames = 0;
  let bytes = COUNT.length;
  for (;;) {
    const end = source.write(block, used);
    const frameBytes = end - used - `\t${source.weight}\n`.length;
    if (bytes + frameBytes > length) break;
    used += frameBytes;
    bytes += frameBytes;
    frames += source.lines - 1;
    if (used >= BLOCK) {
      yield block.subarray(0, used);
      used = 0;
    }
  }
  yield block.subarray(0, used);
  yield Buffer.from(COUNT, 'latin1');
  add(facts, bytes, frames + 1, COUNT_WEIGHT);
}

function add(facts: Tally, bytes: number, lines: number, weight: number): void {
  facts.bytes += bytes;
  facts.lines += lines;
  facts.weight += weight;
  facts.records++;
}
