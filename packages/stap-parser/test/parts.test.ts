import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import {
  combineParts,
  findCut,
  isSameInParts,
  shapeOf,
  trailerLength,
  type TracePart,
} from '../src/parts.ts';
import { TraceParser } from '../src/index.ts';

const FRAME = ' 0x401000 : f+0x4/0x10 [/opt/demo/bin/burn]\n';
const HEADER = '# stapflame 1 mode=stream hz=99 maxbacktrace=128 host=web1\n';
const record = (i: number): string => `#< 0 ${i}\n${FRAME.repeat(1 + (i % 3))}burn\n#> 0 ${i}\n\t1\n`;
const framed = (records: number, hits = records): string =>
  `${HEADER}${Array.from({ length: records }, (_, i) => record(i)).join('')}# stapflame end hits=${hits}\n`;
const plain = (records: number): string =>
  Array.from({ length: records }, (_, i) => `${FRAME.repeat(1 + (i % 3))}\t${i}\n`).join('');

/** Reads a trace in parts. Each part begins at the first possible position after one of these offsets. */
function inParts(text: string, places: readonly number[]): { parts: readonly TracePart[]; trailer: string } {
  const bytes = Buffer.from(text);
  const shape = shapeOf(bytes)!;
  const end = bytes.length - trailerLength(bytes.subarray(shape.headerLength));
  const cuts = places
    .map((place) => findCut(bytes.subarray(0, end), place, shape))
    .filter((cut) => cut > 0 && cut < end);
  const bounds = [...new Set([shape.headerLength, ...cuts.toSorted((a, b) => a - b), end])];
  const parts = bounds.slice(0, -1).map((from, i) => {
    const parser = new TraceParser();
    parser.push(bytes.subarray(0, shape.headerLength));
    const before = parser.comments;
    parser.push(bytes.subarray(from, bounds[i + 1]));
    const { isPrefixed, isFramed, comments } = parser;
    parser.endInput();
    return { from, summary: parser.summary(), comments: comments - before, isPrefixed, isFramed };
  });
  return { parts, trailer: text.slice(end) };
}

function whole(text: string): TraceParser {
  const parser = new TraceParser();
  parser.push(Buffer.from(text));
  parser.endInput();
  return parser;
}

describe('a trace read in parts', () => {
  it.each([
    ['framed', framed(40)],
    ['plain', plain(40)],
    ['with missing samples', framed(40, 47)],
    ['with repeated samples', framed(40, 30)],
    ['without its trailer', framed(40).replace(/# stapflame end.*\n/, '')],
    ['with a failed script', framed(40).replace('stapflame end', 'stapflame error')],
    ['with threads named like the end of a record', framed(40).replaceAll('burn\n#>', '\t1\n#< 0 1\n#>')],
    ['with a damaged record', framed(40).replace('burn\n#> 0 9', 'bu\u0001rn\n#> 0 9')],
  ])('has the same summary and facts as the complete trace (%s)', (_, text) => {
    const parser = whole(text);
    const facts = parser.take().at(-1)!.facts;
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 5 }), (places) => {
        const shape = shapeOf(Buffer.from(text))!;
        const { parts, trailer } = inParts(text, places);
        expect(isSameInParts(parts, shape)).toBe(true);
        expect(combineParts(parts, shape, trailer)).toEqual({ summary: parser.summary(), facts });
      }),
      // few runs, because each part is read by a separate parser
      share(0.15),
    );
  });
  it.each([
    ['another trace begins', framed(10) + framed(10)],
    ['the dialect changes', plain(10) + framed(10)],
  ])('is known to differ from the complete trace if %s', (_, text) => {
    const { parts } = inParts(text, [Math.floor(text.length * 0.3), Math.floor(text.length * 0.7)]);
    expect(isSameInParts(parts, shapeOf(Buffer.from(text))!)).toBe(false);
  });
});

describe('the trace shape', () => {
  it('is unknown if lines have host prefixes, stacks were counted in the kernel, or the trace is empty', () => {
    const aggregate = '# stapflame 1 mode=aggregate hz=99\n';
    for (const text of ['0:  0x1 : f+0x1/0x2 [/a]\n', aggregate, '', 'no line end'])
      expect(shapeOf(Buffer.from(text))).toBeUndefined();
  });
  it('allows the trace to be split only between records', () => {
    const text = Buffer.from(framed(3));
    const shape = shapeOf(text)!;
    const cut = findCut(text, 0, shape);
    expect(text.subarray(cut).toString()).toMatch(/^#< 0 1\n/);
    expect(findCut(text.subarray(0, cut), 0, shape)).toBe(-1);
    expect(findCut(Buffer.from('a\n\t1\r\n b\n\tx\n\t\n'), 0, { ...shape, isFramed: false })).toBe(-1);
  });
});
