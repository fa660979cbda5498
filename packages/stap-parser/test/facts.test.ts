import type { Facts } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { ParserError, TraceParser } from '../src/index.ts';

const A = ' 0x1 : a+0x1/0x2 [/bin/p]\n';
const HEADER = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=128';
const RECORD = `#< 0 5\n${A}#> 0 5\n\t1\n`;
const END = '# stapflame end hits=1\n';

/** Reads these inputs, and returns the facts in the last batch. */
function factsOf(...inputs: readonly string[]): Facts | undefined {
  const parser = new TraceParser();
  const facts: Facts[] = [];
  for (const input of inputs) {
    parser.push(new TextEncoder().encode(input));
    facts.push(...parser.take().map((batch) => batch.facts));
    parser.endInput();
    facts.push(...parser.take().map((batch) => batch.facts));
  }
  return facts.at(-1);
}

describe('the facts about a trace', () => {
  it('are read from its header: the period, the order, the host, and the unit if it is not samples', () => {
    expect(factsOf(`${HEADER} host=web1\n${RECORD}${END}`)).toEqual({
      period: 10_101_010,
      order: 'time',
      host: 'web1',
    });
    expect(factsOf(`# stapflame 1 mode=aggregate pids=1 unit=us limit=9\n${A}\t700\n${END}`)).toEqual({
      unit: 'us',
    });
    expect(factsOf(`${A}\t1\n`)).toEqual({});
  });

  it('are those that all traces have in common, in one input or in several', () => {
    const [one, two] = ['web1', 'web2'].map((host) => `${HEADER} host=${host}\n${RECORD}${END}`);
    const common = { period: 10_101_010, order: 'time' };
    expect(factsOf(one!, two!)).toEqual(common);
    expect(factsOf(one! + two!)).toEqual(common);
    expect(factsOf(one!, one!)).toEqual({ ...common, host: 'web1' });
    expect(factsOf(one!, `${A}\t1\n`)).toEqual({});
    expect(factsOf(`${A}\t1\n`, one!)).toEqual({});
  });

  it.each([
    ['in several inputs', [`${A}\t1\n`, `# stapflame 1 mode=aggregate unit=us\n${A}\t1\n`]],
    ['in one input', [`${HEADER}\n${RECORD}${END}# stapflame 1 mode=stream unit=us\n`]],
    ['the last trace has no header', [`# stapflame 1 mode=aggregate unit=us\n${A}\t1\n`, `${A}\t1\n`]],
  ])('are rejected if traces have different units (%s)', (_, inputs) => {
    expect(() => factsOf(...inputs)).toThrow(ParserError);
    expect(() => factsOf(...inputs)).toThrow(expect.objectContaining({ code: 'MIXED_UNITS' }));
  });
});

describe('losses', () => {
  it('are reported in the last batch, even if it has no stacks', () => {
    expect(factsOf(`${HEADER}\n${RECORD}# stapflame end hits=4\n`)?.losses).toEqual({ lost: 3 });
    expect(factsOf(`${A}\t1\n${A}`)?.losses).toEqual({ truncated: 1 });
    expect(factsOf(`${A}\tx\n`)?.losses).toEqual({ damaged: 1 });
    expect(factsOf(`${A}\t1\nERROR: MAXACTION exceeded\n`)?.losses).toEqual({ errors: 1 });
  });

  it('count a trace without a trailer as truncated only once', () => {
    expect(factsOf(`${HEADER}\n${RECORD}`)?.losses).toEqual({ truncated: 1 });
    expect(factsOf(`${HEADER}\n${RECORD}#< 0 6\n${A}`)?.losses).toEqual({ truncated: 1 });
  });

  it('do not include cut stacks if nothing else is missing', () => {
    const shallow = HEADER.replace('128', '1');
    expect(factsOf(`${shallow}\n${RECORD}${END}`)?.losses).toBeUndefined();
    expect(factsOf(`${shallow}\n${RECORD}# stapflame end hits=2\n`)?.losses).toEqual({ lost: 1, cut: 1 });
  });
});
