import { createHash } from 'node:crypto';
import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { KINDS, type Kind, type TraceFacts, type TraceSpec } from '../../bench/generate/kinds.ts';
import { generateTrace } from '../../bench/generate/trace.ts';

interface Trace {
  readonly text: string;
  readonly facts: TraceFacts;
}

function traceOf(kind: Kind, spec: Partial<TraceSpec> = {}): Trace {
  const blocks = generateTrace({ kind, size: 1 << 20, seed: 1, company: 'records', ...spec });
  const parts: string[] = [];
  for (;;) {
    const next = blocks.next();
    if (next.done) return { text: parts.join(''), facts: next.value };
    parts.push(Buffer.from(next.value).toString('latin1'));
  }
}

const RECORD_KINDS = ['low', 'distinct', 'sliding', 'framed'] as const;

const NAMED_FRAME = /^ 0x[0-9a-f]{12} : [\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+ \[\/\S+\]$/;
const UNNAMED_FRAME = /^ (0x[0-9a-f]{12}) : \1 \[\/\S+\+0x[0-9a-f]+\/0x[0-9a-f]+\]$/;
const COUNT = /^\t(\d+)$/;
/** The first line of a perf script sample. */
const PERIOD = /^orders\/worker-\d+ \d+ \[\d{3}\] \d+\.\d{6}: +(\d+) cycles:u: $/;
const PERF_FRAME = /^\t {4}[0-9a-f]{12} (\[unknown\]|[\w.]+\+0x[0-9a-f]+) \(\/\S+\)$/;
const FRAMING = /^(#[<>] \d+ \d+|#\. \d+|# stapflame .*|orders-server\/\d+)$/;

/** Folds a plain trace in the simplest way. */
function fold(text: string): Map<string, number> {
  const folded = new Map<string, number>();
  let frames: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('\t')) {
      const stack = frames.toReversed().join(';');
      folded.set(stack, (folded.get(stack) ?? 0) + Number(line));
      frames = [];
    } else if (line.startsWith(' ')) frames.push(line.slice(18).replace(/^0x.* |\+0x[^+]*$/g, ''));
  }
  return folded;
}

describe('every kind', () => {
  it.each(KINDS)('%s gives the same bytes for the same seed, and others for another seed', (kind) => {
    const digest = (seed: number): string =>
      createHash('sha256')
        .update(traceOf(kind, { seed, size: 1 << 15 }).text)
        .digest('hex');
    const one = digest(7);
    expect(digest(7)).toBe(one);
    expect(digest(8)).not.toBe(one);
  });

  it.each(KINDS)('%s does not exceed its maximum size, and reports its length', (kind) => {
    assert(
      property(integer({ min: 40_000, max: 100_000 }), (size) => {
        const { text, facts } = traceOf(kind, { size });
        expect(facts.bytes).toBe(text.length);
        expect(facts.bytes).toBeLessThanOrEqual(size);
        expect(facts.bytes).toBeGreaterThan(size - 8192);
      }),
      // a kind with many programs takes seconds to start
      share(0.01),
    );
  });

  it.each(KINDS)('%s reports its number of lines and records, and the sum of its counts', (kind) => {
    const { text, facts } = traceOf(kind, { size: 1 << 15 });
    // with several hosts, each line comes after the number of its host
    const lines = text.split('\n').map((line) => line.replace(/^\d+: /, ''));
    const counts = lines.flatMap((line) => COUNT.exec(line)?.[1] ?? PERIOD.exec(line)?.[1] ?? []);
    expect(lines.length - 1).toBe(facts.lines);
    expect(counts.length).toBe(facts.records);
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(facts.weight);
  });
});

describe('traces of records', () => {
  it.each(RECORD_KINDS)('%s has only lines as stap prints them', (kind) => {
    const lines = traceOf(kind).text.trimEnd().split('\n');
    const strange = lines.filter(
      (line) => ![NAMED_FRAME, UNNAMED_FRAME, COUNT, FRAMING].some((form) => form.test(line)),
    );
    expect(strange).toEqual([]);
    expect(lines.some((line) => UNNAMED_FRAME.test(line))).toBe(true);
  });

  it.each(RECORD_KINDS)('%s has lines of about 90 bytes', (kind) => {
    const { facts } = traceOf(kind);
    expect(facts.bytes / facts.lines).toBeGreaterThan(82);
    expect(facts.bytes / facts.lines).toBeLessThan(94);
  });

  it.each(['perf-low', 'perf-distinct'] as const)('%s has only lines as perf script prints them', (kind) => {
    const lines = traceOf(kind).text.trimEnd().split('\n');
    const forms = [PERIOD, PERF_FRAME, /^$/];
    expect(lines.filter((line) => !forms.some((form) => form.test(line)))).toEqual([]);
    expect(lines.some((line) => line.includes(' [unknown] '))).toBe(true);
  });

  it('distinct has no two stacks with the same names', () => {
    const { text, facts } = traceOf('distinct', { size: 8 << 20 });
    expect(fold(text).size).toBe(facts.records);
  });

  it('low repeats its stacks, and has a few thousand distinct lines', () => {
    const { text, facts } = traceOf('low', { size: 8 << 20 });
    expect(fold(text).size).toBeLessThan(facts.records);
    const frames = new Set(text.split('\n').filter((line) => line.startsWith(' ')));
    expect(frames.size).toBeGreaterThan(3000);
    expect(frames.size).toBeLessThan(8000);
  });

  it('sliding has the same names as low, at changing addresses', () => {
    const sliding = traceOf('sliding', { size: 8 << 20 }).text.split('\n');
    const addresses = new Set(sliding.filter((line) => line.startsWith(' ')));
    const names = new Set(
      [...addresses].filter((line) => NAMED_FRAME.test(line)).map((line) => line.slice(18)),
    );
    expect(addresses.size).toBeGreaterThan(names.size * 5);
    expect(names.size).toBeLessThan(8000);
  });

  it('framed closes each sample with its opening numbers, and its trailer counts the samples', () => {
    const { text, facts } = traceOf('framed');
    const samples = text.match(/#< (\d+ \d+)\n( .*\n)+orders-server\/\d+\n#> \1\n\t1\n/g);
    expect(samples?.length).toBe(facts.records);
    expect(text.endsWith(`# stapflame end hits=${facts.records}\n`)).toBe(true);
  });
});

describe('hostile traces', () => {
  it('long-line is nearly all one line', () => {
    const { text } = traceOf('long-line', { company: 'none' });
    expect(text.split('\n')[0]!.length).toBe((1 << 20) - '\n\t7\n'.length);
  });

  it('wide-lines has lines of 16 MiB, each a record', () => {
    const { text, facts } = traceOf('wide-lines', { size: 33 << 20, company: 'none' });
    expect(facts.records).toBe(2);
    expect(text.indexOf('\n')).toBe((16 << 20) - '\n\t7\n'.length);
  });

  it('deep-record is one record', () => {
    const { facts } = traceOf('deep-record', { company: 'none' });
    expect(facts).toMatchObject({ records: 1, weight: 7, wholeWeight: 0 });
    expect(facts.lines).toBeGreaterThan(10_000);
  });

  it('complete records surround a hostile one unless it is requested alone', () => {
    const { text, facts } = traceOf('long-line');
    expect(facts.records).toBe(3);
    expect(facts.weight).toBe(facts.wholeWeight + 7);
    expect(text.split('\n').filter((line) => COUNT.test(line)).length).toBe(3);
  });
});
