import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from './read.ts';

const line = fc.oneof(
  { weight: 4, arbitrary: fc.nat(9).map((n) => ` 0x7f0${n} : fn${n % 4}+0x1/0x9 [/l]`) },
  {
    weight: 4,
    arbitrary: fc.nat(3).map((n) => ` 0xffffffff8100000${n} : k${n % 2}+0x1/0x2 [kernel]`),
  },
  { weight: 3, arbitrary: fc.nat(4).map((n) => `\t${n}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ' 0xffffffffa0000001 [xfs]',
      ' 0xffffffffa0000001 [stap_12ab_3+0x1/0x2]',
      ' 0xb7f6c : low+0x1/0x2 [kernel]',
      'main+0x1/0x2 [/bin/a]',
      'text',
      '#= worker 1',
      '\t-1',
      'WARNING: x',
      'm["a\\nb"]=0x5',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('<', '>'), fc.nat(1)).map(([kind, n]) => `#${kind} 0 ${n}`),
  },
);
/** Lines from one host. With a prefix, the frame at the start proves that lines have prefixes. */
const trace = fc
  .array(line, { maxLength: 30 })
  .map((lines) => [' 0x7f00 : start+0x1/0x9 [/l]'].concat(lines));

/** Mixes the hosts' lines, keeping each host's order. `turns` says which host's line comes next. */
function mixed(traces: readonly (readonly string[])[], turns: readonly number[]): string {
  const left = traces.map((lines, host) => lines.map((text) => `${host * 7}: ${text}\n`));
  const lines = turns.map((turn) => left[turn % left.length]!.shift() ?? '');
  return [...lines, ...left.flat()].join('');
}

describe('a trace from several hosts', () => {
  it("yields the same stacks for each host as that host's lines alone, with any interleaving", () => {
    fc.assert(
      fc.property(
        fc.array(trace, { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(5), { maxLength: 90 }),
        fc.constantFrom('reference', 'wasm'),
        fc.constantFrom(1, 61, Infinity),
        fc.constantFrom('labels', 'whole'),
        (traces, turns, scanner, size, frames) => {
          const { stacks } = read(mixed(traces, turns), { hostFrames: true, scanner, frames }, size);
          for (const [host, lines] of traces.entries()) {
            const root = `host ${host * 7};`;
            const own = stacks
              .filter((stack) => stack.startsWith(root))
              .map((stack) => stack.slice(root.length));
            expect(own).toEqual(read(`${lines.join('\n')}\n`, { scanner, frames }).stacks);
          }
        },
      ),
    );
  });

  it('may contain a damaged line, which counts for its host or, if the host is unknown, for the input', () => {
    const of = (damaged: string): readonly string[] =>
      read(`0:  0x1 : a+0x1/0x2 [/b]\n${damaged}: \u0001\n0: \t1\n`, { hostFrames: true }).stacks;
    expect([of('0'), of('1')]).toEqual([['host 0;[damaged] 1'], ['host 0;a 1']]);
  });

  it.each(['', '3: '])(
    'ends with its trailer, even if an earlier record contains the same line (with the prefix %j)',
    (prefix) => {
      const end = '# stapflame end hits=1\n';
      const text = `# stapflame 1 mode=map unit=samples\n 0x1 : a+0x1/0x2 [/b]\n${end}\t1\n${end}`;
      const { summary } = read(text.replaceAll(/^(?=.)/gm, prefix));
      expect([summary.records, summary.trailerMissing]).toEqual([1, false]);
    },
  );
});
