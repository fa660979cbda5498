import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPerfParser, PerfParser, readPerf, type PerfOptions } from '../src/index.ts';
import { read } from './read.ts';

const sample = (frames: string, event = 'cycles:u', period = 3): string =>
  `burn  12/34  [001] 5.000001:  ${period} ${event}: \n${frames}\n`;
const FRAMES = '\t  4011 leaf+0x1 (/bin/p)\n\t  4022 main+0x2 (/bin/p)\n';
const stacksOf = (text: string, options: PerfOptions = {}): readonly string[] => read(text, options).stacks;
/** Returns the labels of the frames in a line, leaf first. */
const label = (frame: string, label: PerfOptions['label'] = {}): string =>
  read(sample(`\t  7f44 ${frame}\n`), { root: 'none', label })
    .frames[0]!.map((each) => each.label)
    .join(' < ');

describe('the first line of a sample', () => {
  it.each([
    ['perl 29427 13358.675059:    2004008 cpu-clock: ', 'perl-?/29427', 2004008],
    [
      'V8 WorkerThread 24636/25607 [000] 94564.109216:     250000 cpu-clock:uhH: ',
      'V8_WorkerThread-24636/25607',
      250000,
    ],
    ['           false 39654 19115.489713:          1 cycles:u: ', 'false-?/39654', 1],
    ['java  3244 cpu-clock: ', 'java-?/3244', 1],
    ['Thread 12 4567 [001] 12.3: 7 cycles:', 'Thread_12-?/4567', 7],
    ['Thread 12  4567 cycles:', 'Thread_12-?/4567', 1],
    ['perl  2217.581638:          9 cycles:uppp: ', 'perl', 9],
    [':-1 -1 [000] 12.3: 2 cycles: ', ':-1-?/-1', 2],
    ['perl 12/13 [000] KS 12.3: 5 cycles:', 'perl-12/13', 5],
    ['/usr/bin/x 11 [001] 1.3:  4  cpu/event=0x3c,umask=1/u: ', '/usr/bin/x-?/11', 4],
    ['perl ', 'perl', 1],
    ['x:y z 99: 20647 ', 'x:y_z_99:-?/20647', 1],
    ['work er [1] 7 20645 52552.786582: 2002002 cpu-clock: ', 'work_er_[1]_7-?/20645', 2002002],
    ['a(b) 12/3 20646 52552.786582: 1 page-faults: ', 'a(b)_12/3-?/20646', 1],
  ])('%s', (line, root, weight) => {
    expect(stacksOf(`${line}\n${FRAMES}\n`, { root: 'thread' })).toEqual([`${root};main;leaf ${weight}`]);
  });

  it('names the root frame as requested', () => {
    const roots = (['comm', 'process', 'thread', 'none'] as const).map(
      (root) => stacksOf(sample(FRAMES), { root })[0],
    );
    expect(roots).toEqual([
      'burn;main;leaf 3',
      'burn-12;main;leaf 3',
      'burn-12/34;main;leaf 3',
      'main;leaf 3',
    ]);
  });

  it('is read correctly after a line that differs only in thread, CPU, time and period', () => {
    const blanks = fc.integer({ min: 0, max: 45 }).map((n) => ' '.repeat(n));
    const number = fc.oneof(fc.nat(9), fc.nat(2 ** 31), fc.bigInt({ min: 0n, max: 10n ** 22n })).map(String);
    const names = ['burn', 'b:', 'KS', '[001]', '[1', 'b\u00e9', '1.5:', '7.25:', '99:', ':', 'x'.repeat(41)];
    const word = fc.oneof(number, fc.constantFrom(...names));
    const comm = fc.array(fc.tuple(word, blanks), { maxLength: 4 }).map((each) => each.flat().join(''));
    const varying = fc.record({
      thread: fc.oneof(
        number,
        fc.tuple(number, number).map((numbers) => numbers.join('/')),
        fc.constant(''),
      ),
      cpu: fc.constantFrom(' [001]', ' ', ' KS'),
      time: fc.tuple(number, number).map((numbers) => numbers.join('.')),
      period: fc.oneof(number, fc.constant('')),
    });
    const event = fc.constantFrom('cycles:u: ', 'e:', 'e: 7f44 f', '', `e:${' '.repeat(41)}`);
    const lines = fc
      .tuple(comm, blanks, event, varying, varying)
      .map(([name, gap, end, ...parts]) =>
        parts.map(
          ({ thread, cpu, time, period }) => `${name} ${thread}${cpu} ${time}:${gap}${period} ${end}`,
        ),
      );
    fc.assert(
      fc.property(lines, fc.constantFrom('comm', 'thread'), (pair, root) => {
        const [first, second] = pair.map((each) => `${each}\n${FRAMES}\n`);
        const both = read(first! + second!, { root });
        fc.pre(Object.keys(both.summary.otherEvents).length === 0);
        expect(both.stacks).toEqual([first!, second!].flatMap((each) => stacksOf(each, { root })));
      }),
    );
  });

  it('adds a root frame marked as a thread', () => {
    const [frames] = read(sample(FRAMES)).frames;
    expect(frames!.map(({ label, thread }) => [label, thread])).toEqual([
      ['leaf', undefined],
      ['main', undefined],
      ['burn', true],
    ]);
  });

  it('may follow the previous sample without a blank line', () => {
    const text = (sample(FRAMES) + sample(FRAMES)).replace('\n\n', '\n');
    expect(stacksOf(text)).toEqual(['burn;main;leaf 3', 'burn;main;leaf 3']);
  });

  it('is read quickly even if it is long and ambiguous', () => {
    for (const piece of [' 1', ' ', 'a.', 'a: ', '1.1: ', ' (', 'abc12 ', '(a)'])
      expect(stacksOf(`x${piece.repeat(300_000)}\n${sample(FRAMES)}`).at(-1)).toBe('burn;main;leaf 3');
  });

  it('is not confused with a line of the same format that reports another kind of record', () => {
    const { stacks, summary } = read(`burn 1 [000] 2.5:  PERF_RECORD_SWITCH: \n${sample(FRAMES)}`);
    expect(stacks).toEqual(['burn;main;leaf 3']);
    expect(summary).toMatchObject({ records: 1, ignoredLines: 0, otherEvents: {} });
  });

  it('may follow a line of white space, which ends the previous sample like an empty line', () => {
    const text = (sample(FRAMES) + sample(FRAMES)).replace('\n\n', '\n \t\n');
    expect(stacksOf(text)).toEqual(['burn;main;leaf 3', 'burn;main;leaf 3']);
    const doubtful = `java  1 cycles:\n${FRAMES} \t\njava  2 cycles:\n${FRAMES}`;
    expect(stacksOf(doubtful)).toEqual(['java;main;leaf 1', 'java;main;leaf 1']);
  });

  it.each(['reference', 'wasm'] as const)(
    'names the right thread even if 33,000 threads were sampled, with the %s scanner',
    (scanner) => {
      const threads = [...Array.from({ length: 33_000 }, (_, i) => i + 1), 1, 33_000];
      const text = threads.map((tid) => `burn 1/${tid} 5.1: 3 cycles: \n\n`).join('');
      const { stacks } = read(text, { root: 'thread', scanner });
      expect(stacks).toEqual(threads.map((tid) => `burn-1/${tid} 3`));
    },
  );
});

describe('a frame line', () => {
  it.each([
    ['foo+0x7f8f80b8 (/lib/x.so)', 'foo'],
    ['StealTask::do_it(GCTaskManager*, unsigned int) (/lib/x.so)', 'StealTask::do_it'],
    ['std::function<void (int, int)>::operator(int, int) (/p)', 'std::function<void (int, int)>::operator'],
    ['(anonymous namespace)::myBar() (/p)', '(anonymous namespace)::myBar'],
    ['net/http.(*Client).Do+0x1 (/p)', 'net/http.(*Client).Do'],
    ['std::unique_ptr<A>::operator->() const (/p)', 'std::unique_ptr<A>::operator->() const'],
    ['Ljava/io/PrintStream;::print (/tmp/perf-1.map)', 'java/io/PrintStream:::print'],
    ['La;::b->Lc/d;::e->f+0x4 (/tmp/perf-1.map)', 'f_[i] < c/d:::e_[i] < La:::b'],
    ['[unknown] (/usr/lib/libc.so.6)', '[libc.so.6]'],
    [' (/usr/lib/libc.so.6)', '[libc.so.6]'],
    ['[unknown] (/usr/lib/a b.so (deleted))', '[a b.so]'],
    ['[unknown] ([unknown])', '[unknown]'],
    ['[unknown] ([kernel.kallsyms])', '[[kernel.kallsyms]]'],
    ['foo', 'foo'],
    ['', '[unknown]'],
    ['a 12 (/p)', 'a_12'],
    ['ev\u0007il;x (/p)', 'ev\ufffdil:x'],
  ])('%s', (frame, expected) => {
    expect(label(frame)).toBe(expected);
  });

  it('shows the requested marks in the label', () => {
    const all = { kernel: true, jit: true };
    expect(label('f ([kernel.kallsyms])', all)).toBe('f_[k]');
    expect(label('f ([nf_conntrack])', all)).toBe('f_[k]');
    expect(label('f (/lib/modules/6.1/mlx5_core.ko.xz)', all)).toBe('f_[k]');
    expect(label('f (/usr/lib/debug/boot/vmlinux-5.4.14)', all)).toBe('f_[k]');
    expect(label('f (bpf_prog_2b956549c660136a_x)', all)).toBe('f_[k]');
    expect(label('__vdso_gettimeofday ([vdso])', all)).toBe('__vdso_gettimeofday');
    expect(label('f (/tmp/perf-12.map)', all)).toBe('f_[j]');
    expect(label('f (/tmp/jitted-12-3.so)', all)).toBe('f_[j]');
    expect(label('f ([kernel.kallsyms])')).toBe('f');
  });

  it('shows the module, offset and address in the label if requested', () => {
    expect(label('f+0x1a (/lib/x.so)', { module: true, offset: true })).toBe('f+0x1a [x.so]');
    expect(label('[unknown] (/lib/x.so)', { address: true })).toBe('[x.so <7f44>]');
    expect(label('[unknown] ([unknown])', { address: true })).toBe('[unknown <7f44>]');
  });

  it('yields every field of a frame', () => {
    const { frames } = read(
      sample('\tffffffff81000010 f+0x1a ([kernel.kallsyms])\n\t 7f44 [unknown] (/x.so+0x12)\n'),
      {
        addresses: true,
      },
    );
    expect(frames[0]!.slice(0, 2)).toEqual([
      {
        label: 'f',
        symbol: 'f',
        offset: 26,
        module: '[kernel.kallsyms]',
        address: '0xffffffff81000010',
        kernel: true,
      },
      { label: '[x.so]', offset: 18, module: '/x.so', address: '0x7f44', kernel: false },
    ]);
  });
});

describe('the event', () => {
  const two =
    sample(FRAMES, 'cycles:u', 5) + sample(FRAMES, 'instructions:u', 7) + sample(FRAMES, 'cycles:k', 9);

  it('is the first one in the input, with any modifiers', () => {
    const { stacks, summary, facts } = read(two);
    expect(stacks).toEqual(['burn;main;leaf 5', 'burn;main;leaf 9']);
    expect(summary).toMatchObject({ event: 'cycles', otherEvents: { instructions: 1 }, complete: true });
    expect(facts.unit).toBe('cycles');
  });

  it('is the requested event, with or without its modifiers', () => {
    expect(stacksOf(two, { event: 'instructions' })).toEqual(['burn;main;leaf 7']);
    expect(stacksOf(two, { event: 'cycles:k' })).toEqual(['burn;main;leaf 9']);
    expect(stacksOf(two, { event: 'page-faults' })).toEqual([]);
  });

  it('distinguishes tracepoints in one subsystem', () => {
    const text = sample(FRAMES, 'sched:sched_switch') + sample(FRAMES, 'sched:sched_wakeup');
    expect(read(text).summary).toMatchObject({ records: 1, otherEvents: { 'sched:sched_wakeup': 1 } });
  });

  it('is not determined by frames without an event line, as when the start of a file is missing', () => {
    const { stacks, summary, facts } = read(`${FRAMES}\n${sample(FRAMES)}${FRAMES}\n`);
    expect(stacks).toEqual(['main;leaf 1', 'burn;main;leaf 3']);
    expect(summary.otherEvents).toEqual({ '[unknown]': 1 });
    expect(facts.unit).toBe('cycles');
  });

  it('is counted by name if its samples are left out, or under `others` once there are a hundred names', () => {
    const names = Array.from({ length: 102 }, (_, i) => `e${i}`);
    const text = ['cycles', ...names, 'e0', 'e101'].map((event) => sample(FRAMES, event)).join('');
    const { otherEvents } = read(text).summary;
    expect(Object.keys(otherEvents)).toEqual([...names.slice(0, 100), 'others']);
    expect(otherEvents).toMatchObject({ e0: 2, e1: 1, others: 3 });
  });

  it('must have the same unit in all inputs', () => {
    const inputs = [sample(FRAMES, 'cycles'), `burn 1 2.5: instructions:\n${FRAMES}\n`];
    expect(() => read(inputs, { event: 'cycles' })).not.toThrow();
    expect(() => read([inputs[0]!, `burn 1 2.5: cycles:\n${FRAMES}\n`])).toThrow(
      expect.objectContaining({ code: 'MIXED_UNITS' }),
    );
  });
});

describe('a damaged or lost sample', () => {
  it('is counted under [damaged]', () => {
    const { stacks, summary } = read(sample(`\t 4011 le\u0000af (/p)\n${FRAMES}`) + sample(FRAMES));
    expect(stacks).toEqual(['burn;[damaged] 3', 'burn;main;leaf 3']);
    expect(summary).toMatchObject({ records: 2, damaged: 1, damagedWeight: 3, complete: false });
    expect(summary.damage).toEqual([{ offset: 43, reason: 'control-byte' }]);
  });

  it.each([
    ['long-line', { maxLineLength: 256 }, `\t 4011 ${'f'.repeat(300)} (/p)\n`],
    ['long-record', { maxRecordLines: 2 }, `\t 4011 f (/p)\n`],
  ])('is reported with the reason %s', (reason, options, frames) => {
    const { stacks, summary } = read(sample(frames + FRAMES), options);
    expect(stacks).toEqual(['burn;[damaged] 3']);
    expect(summary.damage[0]).toMatchObject({ reason });
  });

  it('is counted as truncated if the input ends within a line', () => {
    const text = sample(FRAMES) + sample(FRAMES);
    for (let length = sample(FRAMES).length + 1; length < text.length; length++) {
      const { stacks, summary } = read(text.slice(0, length));
      expect(stacks[0]).toBe('burn;main;leaf 3');
      // a complete last line is accepted even if it does not end in a line feed
      const isWhole = /[\n)]$/.test(text.slice(0, length));
      expect({ length, truncated: summary.truncated }).toEqual({ length, truncated: isWhole ? 0 : 1 });
    }
  });

  it('is counted as lost if perf reports it', () => {
    const text = `LOST 12 events!\nburn 1 [000] 2.5: PERF_RECORD_LOST lost 3\n${sample(FRAMES)}`;
    expect(read(text).summary).toMatchObject({ lost: 15, records: 1, ignoredLines: 0, complete: false });
  });

  it('is counted as lost if perf reports lost chunks', () => {
    const text = `Processed 9 events and lost 4 chunks!\n${sample(FRAMES)}`;
    expect(read(text).summary).toMatchObject({ lost: 4, records: 1, complete: false });
  });

  it('is not reported just because an unrecognised line is skipped', () => {
    const text = `Warning: x\n[ perf record: Woken up 1 times ]\n${sample(`${FRAMES}no frame\n`)}`;
    const { stacks, summary } = read(text);
    expect(stacks).toEqual(['burn;main;leaf 3']);
    expect(summary).toMatchObject({
      ignoredLines: 3,
      complete: true,
      firstIgnored: { offset: 0, text: 'Warning: x' },
    });
  });
});

it('keeps the weight of a sample without frames', () => {
  expect(stacksOf('burn 1 2.5:  8 cycles:\n\n')).toEqual(['burn 8']);
  expect(stacksOf('burn 1 2.5:  8 cycles:\n\n', { root: 'none' })).toEqual(['[unknown] 8']);
});

const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.nat(30).map((n) => `\t    7f44${n.toString(16)} fn${n % 7}+0x${n} (/lib/l${n % 3}.so)`),
  },
  { weight: 2, arbitrary: fc.nat(9).map((n) => `\tffffffff8100000${n} k${n % 4}+0x1 ([kernel.kallsyms])`) },
  { weight: 3, arbitrary: fc.nat(99).map((n) => `burn ${n % 3} ${n}.5:  ${n} cycles:`) },
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'burn 1 2.5:  7 instructions:u:',
      'burn 1 2.5:  7 cycles:   7f44 x+0x1 (/p)',
      'burn ',
      '  burn.c:12',
      '\t 7f44 a->b->c+0x1 (/tmp/perf-1.map)',
      '\t 7f44 x',
      '\t\u0000',
      '# hostname : h',
      'LOST 3 events!',
      ' 0x1/0x2/P/-/-/1',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
  },
);
const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, ended]) => lines.join(end) + (ended ? end : ''));

it('returns the same stacks with any chunk size, either scanner and any table size', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(1, 2, 3, 61), fc.boolean(), (given, size, addresses) => {
      const whole = read(given.repeat(2), { addresses });
      expect(read(given.repeat(2), { addresses }, size)).toEqual(whole);
      expect(read(given.repeat(2), { addresses, scanner: 'wasm' }, size)).toEqual(whole);
      const small = read(given.repeat(2), { addresses, maxTableFrames: 16 });
      expect([small.stacks, small.summary]).toEqual([whole.stacks, whole.summary]);
    }),
  );
});

it('keeps the weight of every sample with the chosen event', () => {
  fc.assert(
    fc.property(text, (given) => {
      const { stacks, summary } = read(given);
      const sum = stacks.reduce((total, stack) => total + Number(stack.slice(stack.lastIndexOf(' '))), 0);
      expect(summary.weight).toBe(sum);
      expect(stacks).toHaveLength(summary.records);
    }),
  );
});

it('works as a Transform, and as a Readable that reads several inputs', async () => {
  const parser = createPerfParser({ root: 'none' });
  parser.end(Buffer.from(sample(FRAMES)));
  const counts: number[] = [];
  for await (const batch of parser) for (const { count } of batch) counts.push(count);
  expect([counts, parser.summary.records]).toEqual([[3], 1]);
  const source = (bytes: Uint8Array): { read: (into: Uint8Array) => number } => {
    let at = 0;
    return {
      read: (into) => (into.set(bytes.subarray(at, at + 5)), Math.min(5, bytes.length - (at += 5) + 5, 5)),
    };
  };
  const bytes = new TextEncoder().encode(sample(FRAMES).padEnd(100, '\n'));
  const reader = readPerf([source(bytes), source(bytes)]);
  for await (const batch of reader) for (const { count } of batch) counts.push(count);
  expect([counts, reader.summary.records]).toEqual([[3, 3, 3], 2]);
});

it('rejects unknown options and invalid values', () => {
  expect(() => new PerfParser({ maxLineLength: 1 })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  );
  expect(() => new PerfParser({ colour: 'red' } as PerfOptions)).toThrow(/colour/);
});
