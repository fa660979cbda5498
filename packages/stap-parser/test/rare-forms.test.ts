import type { Facts, StackBatch } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { combineTraces, TraceParser, type ParserSummary } from '../src/index.ts';
import { trailerLength } from '../src/parts.ts';
import { parseFrame } from '../src/grammar/frame.ts';
import { separatorLike } from '../src/grammar/separator.ts';
import { read } from './read.ts';

const A = ' 0x1 : a+0x1/0x2 [/bin/p]\n';
const named = (name: string): string => `# stapflame 1 mode=stream\n#< 0 5\n${A}#= ${name}\n#> 0 5\n\t1\n`;

describe('a thread name', () => {
  it.each([
    ['a quotation mark', String.raw`a\"b`, 'a"b'],
    ['a backslash', String.raw`a\\b`, String.raw`a\b`],
    ['a character beyond the Basic Multilingual Plane', String.raw`a\U0001F600`, 'a\u{1f600}'],
    ['a replacement character for a number that is not a character', String.raw`a\U00110000`, 'a\ufffd'],
  ])('may contain %s, which SystemTap prints as an escape sequence', (_, printed, name) => {
    expect(read(named(printed)).stacks).toEqual([`${name};a 1`]);
  });
});

describe('a key in a global array', () => {
  it.each([
    ['an octal number', String.raw`a\101b`, 'aAb'],
    ['a quotation mark', String.raw`a\"b`, 'a"b'],
  ])('may contain an escape for %s', (_, printed, name) => {
    expect(read(`stacks["${printed}","f+0x1 [x]"]=0x3\n`).stacks).toEqual([`${name};f 3`]);
  });
});

describe('a line in angle brackets', () => {
  it.each([' <no user backtrace at 0x1>', ' <no kernel backtrace at 0x1>'])(
    '%s is an unnamed frame',
    (line) => {
      expect(parseFrame(line)).toMatchObject({ symbol: undefined, space: line.split(' ')[2] });
    },
  );

  it.each([' <no such backtrace>', ' <no user backtrace'])('%s is not a frame', (line) => {
    expect(parseFrame(line)).toBeUndefined();
  });
});

describe('a frame', () => {
  it('may be followed by a source location, but not by an empty one', () => {
    expect(parseFrame(' 0x1 : f+0x1/0x2 at a.c:3 [/a]')).toMatchObject({ symbol: 'f', file: 'a.c', line: 3 });
    expect(parseFrame(' 0x1 : f+0x1/0x2 at a.c [/a]')).toMatchObject({
      symbol: 'f',
      file: 'a.c',
      line: undefined,
    });
    expect(parseFrame(' 0x1 : f+0x1/0x2 at  [/a]')).toBeUndefined();
  });

  it('has the same label in either kind of table, even if it looks like a line from a host', () => {
    const trace = '0:  main+0x1 [xfs]\n\t1\n';
    expect(read(trace, { frames: 'labels' }).stacks).toEqual(read(trace, { frames: 'whole' }).stacks);
  });
});

describe('a record', () => {
  const frame = (i: number): string => ` 0x${(i + 16).toString(16)} : f${i}+0x1/0x2 [/l]`;
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `${frame(from + i)}\n`).join('');

  it('may be many thousands of frames deep', () => {
    const { stacks } = read(`${lines(0, 20_000)}\t1\n`);
    expect(stacks[0]!.split(';')).toHaveLength(20_000);
  });

  it('keeps its frames if the table fills up before the record ends', () => {
    const record = (i: number): string => lines(i * 5, i * 5 + 12).replaceAll(/.*\n/g, '$&$&');
    const trace = Array.from({ length: 40 }, (_, i) => `${record(i)}\t1\n`).join('');
    for (const frames of ['whole', 'labels'] as const)
      expect(read(trace, { maxTableFrames: 16, frames }).stacks).toEqual(read(trace, { frames }).stacks);
  });

  it('keeps its heading if the table fills up before the record ends', () => {
    const record = (i: number): string => `heading ${i}\n${lines(i * 5, i * 5 + 12)}\t1\n`;
    const trace = Array.from({ length: 40 }, (_, i) => record(i)).join('');
    for (const frames of ['whole', 'labels'] as const)
      expect(read(trace, { maxTableFrames: 16, frames })).toEqual(read(trace, { frames }));
  });

  it('has the same labels in the table as in the descriptions of its frames', () => {
    const parser = new TraceParser();
    parser.push(Buffer.from(named('worker')));
    parser.endInput();
    const [{ table, frames }] = parser.take() as [StackBatch];
    const labels = Array.from(frames, (id) => table.label(id));
    expect(labels).toEqual(['a', 'worker']);
    expect(Array.from(frames, (id) => table.frame(id).label)).toEqual(labels);
  });

  it('is cut if it has as many kernel frames as the sampler prints, not counting lines of text', () => {
    const kernel = ' 0xffffffff81000010 : k+0x1/0x2 [kernel]\n';
    const cut = (record: string): number =>
      read(`# stapflame 1 mode=stream maxbacktrace=2\n#< 0 5\n${record}#= x\n#> 0 5\n\t1\n`).summary.cut;
    expect(cut(kernel + kernel.replace('10 ', '20 '))).toBe(1);
    expect(cut(`${kernel}text\n${A}`)).toBe(0);
  });

  it("contains a kernel frame only once if it is printed twice after a frame in the probe's module", () => {
    const twice = ' 0xffffffff81000010 : k+0x1/0x2 [kernel]\n'.repeat(2);
    const trace = ` 0xffffffffa0000001 : enter+0x1/0x2 [stap_12ab_3]\n${twice}\t1\n`;
    for (const frames of ['whole', 'labels'] as const)
      expect(read(trace, { frames }).stacks).toEqual(['k 1']);
  });

  it('is read exactly once even if a chunk contains thousands of records', () => {
    const { summary } = read(`${A}\t1\n`.repeat(10_000));
    expect(summary).toMatchObject({ records: 10_000, weight: 10_000 });
  });

  it('ends at a line of spaces if blank lines separate records, but not at one that begins with a TAB', () => {
    const trace = (blank: string): string => `${A}${blank}\n${A.replaceAll('a+', 'b+')}\n`;
    expect(read(trace('  '), { blankSeparated: true }).stacks).toEqual(['a 1', 'b 1']);
    expect(read(trace('\t '), { blankSeparated: true }).stacks).toEqual(['b;a 1']);
  });
});

it('a long line has the same label in either kind of table', () => {
  const trace = `${'\u20ac'.repeat(50_000)}\n\t1\n`;
  expect(read(trace, { frames: 'labels' }).stacks).toEqual(read(trace, { frames: 'whole' }).stacks);
});

describe('a line that looks like a separator', () => {
  it('has at most two hundred characters', () => {
    expect(separatorLike('-'.repeat(200))).toBe('^-+$');
    expect(separatorLike('-'.repeat(201))).toBeUndefined();
  });

  it('may contain several numbers, the first of which is the count', () => {
    const pattern = separatorLike('---- 12 of 30 ----');
    expect(new RegExp(pattern!).exec('---- 7 of 5000 ----')?.[1]).toBe('7');
  });

  it('may contain characters that are special in regular expressions', () => {
    const pattern = separatorLike('--- pool (3) of [x] ---');
    expect(new RegExp(pattern!).exec('---- pool (17) of [x] ----')?.[1]).toBe('17');
  });
});

it('each of thousands of array elements keeps its name', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `f${i % 18_000}`);
  const trace = names.map((name) => `stacks["${name}+0x1 [x]"]=0x1\n`).join('');
  for (const frames of ['whole', 'labels'] as const)
    expect(read(trace, { frames }).stacks).toEqual(names.map((name) => `${name} 1`));
});

it('kernel frames without addresses are distinct, even if they have the same name', () => {
  expect(read('stacks["f+0x1 [kernel]\\nf+0x1 [kernel]"]=0x3\n').stacks).toEqual(['f;f 3']);
});

it('a separator damages the sample after it if its number is not a count', () => {
  const trace = `---- 99999999999999999999 ----\n${A}---- 2 ----\n${A}---- 3 ----\n`;
  const { stacks, summary } = read(trace, { separator: /^-+ (\d+) -+$/ });
  expect(summary.damaged).toBe(1);
  expect(stacks).toContain('a 2');
});

it('an array keyed by a list of addresses has a frame for each address', () => {
  expect(read('stacks["0x10 0x20"]=0x3\n').stacks[0]!.split(';')).toHaveLength(2);
});

describe('a header', () => {
  /** Returns the facts about a trace with this header. */
  const factsOf = (header: string): Facts | undefined => {
    const parser = new TraceParser();
    parser.push(new TextEncoder().encode(`# stapflame 1 mode=stream ${header}\n#< 0 5\n${A}#> 0 5\n\t1\n`));
    parser.endInput();
    return parser.take().at(-1)?.facts;
  };

  it('may state when and for how long the host was sampled, and the kernel release', () => {
    expect(factsOf('start=1795000000000 duration=5000 kernel=6.1.0')).toMatchObject({
      start: 1_795_000_000_000,
      duration: 5000,
      kernel: '6.1.0',
    });
  });

  it('may contain words that are not fields', () => {
    expect(factsOf('odd =x host=web1')).toMatchObject({ order: 'time', host: 'web1' });
  });
});

describe('a trailer', () => {
  it('need not state the number of samples; then, no sample counts as lost', () => {
    expect(read(`${named('x')}# stapflame end\n`).summary).toMatchObject({ lost: 0, trailerMissing: false });
  });

  it('from a failed script does not say how much weight is beyond the limit', () => {
    const trace = (kind: string): string =>
      `# stapflame 1 mode=aggregate unit=samples\n${A}\t2\n# stapflame ${kind} hits=9\n`;
    expect(read(trace('end')).summary.beyondLimit).toBe(7);
    expect(read(trace('error')).summary).toMatchObject({ beyondLimit: 0, errors: 1 });
  });

  it('is not recognised at the end of a file if its line does not end in a line feed', () => {
    const [whole, cut] = ['x\n# stapflame end hits=1\n', 'x\n# stapflame end hits=1'].map((text) =>
      trailerLength(new TextEncoder().encode(text)),
    );
    expect([whole, cut]).toEqual([23, 0]);
  });
});

describe('a trace from several hosts', () => {
  const trace = `0: ${A}1: ${A}0: \t1\n1: \t2\n`;

  it('may have as many hosts as allowed', () => {
    expect(read(trace, { maxHosts: 2, hostFrames: true }).stacks).toEqual(['host 0;a 1', 'host 1;a 2']);
  });

  it('is rejected at the first line from a host beyond the limit', () => {
    expect(() => read(trace, { maxHosts: 1 })).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_HOSTS', offset: 3 + A.length }),
    );
  });

  it('loses only the record of the host named by a damaged line, if that host is known', () => {
    const damaged = (host: number): readonly string[] =>
      read(`0: ${A}0: \t1\n0: ${A}#< 0 5\n${A}${host}: \u0001\n#> 0 5\n\t2\n0: \t3\n`, { hostFrames: true })
        .stacks;
    expect(damaged(0)).toEqual(['host 0;a 1', 'a 2', 'host 0;[damaged] 3']);
    expect(damaged(7)).toEqual(['host 0;a 1', '[damaged] 2', 'host 0;a 3']);
  });

  it('may begin with lines without a prefix, which belong to no host', () => {
    const early = `worker\n0: ${A}0: \t1\n\t2\n`;
    expect(read(early, { hostFrames: true }).stacks).toEqual(['host 0;a 1', 'worker 2']);
  });

  it('may begin with framing lines, before any line proves that there are prefixes', () => {
    const early = `0: #< 0 5\n0: ${A}0: #> 0 5\n0: \t1\n`;
    expect(read(early, { hostFrames: true })).toMatchObject({
      stacks: ['host 0;a 1'],
      summary: { damaged: 0 },
    });
  });

  it('may contain lines without a prefix, which belong to no host', () => {
    const mixed = `0: ${A}${A}0: \t1\n\t2\n`;
    expect(read(mixed, { hostFrames: true }).stacks).toEqual(['host 0;a 1', 'a 2']);
  });
});

it('keeps the first hundred SystemTap messages, but counts them all', () => {
  const { summary } = read(Array.from({ length: 120 }, (_, i) => `WARNING: w${i}\n`).join(''));
  expect(summary.diagnosticCount).toBe(120);
  expect(summary.diagnostics).toHaveLength(100);
});

describe('traces read separately', () => {
  interface Known {
    readonly summary: ParserSummary;
    readonly facts: Facts;
    readonly isKnown: boolean;
  }
  const readTrace = (text: string): Known => {
    const parser = new TraceParser();
    parser.push(new TextEncoder().encode(text));
    parser.endInput();
    const [batch] = parser.take().slice(-1);
    return { summary: parser.summary(), facts: batch?.facts ?? {}, isKnown: batch !== undefined };
  };
  const on = (host: string): Known =>
    readTrace(
      `# stapflame 1 mode=stream hz=100 host=${host}\n#< 0 5\n${A}#> 0 5\n\t1\n# stapflame end hits=1\n`,
    );

  it('keep only the facts that all of them have in common', () => {
    const { facts, summary } = combineTraces([on('web1'), on('web2')]);
    expect(facts).toEqual({ period: 10_000_000, order: 'time' });
    expect(summary.records).toBe(2);
    expect(combineTraces([on('web1'), on('web1')]).facts.host).toBe('web1');
  });

  it('lose no facts because of an empty trace, about which nothing is known', () => {
    const empty = { ...readTrace(''), isKnown: false };
    expect(combineTraces([on('web1'), empty]).facts.host).toBe('web1');
  });
});
