import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import {
  compareNames,
  FoldedReader,
  labelOf,
  leafLabelOf,
  SortedMerge,
  SortedSurveyor,
  type SortedSurvey,
  type TextSource,
} from '../src/index.ts';
import { PlainMemory, WasmMemory, type LineMemory } from '../src/folded/line-memory.ts';
import { readAll } from './text.ts';

const MEMORIES: readonly (readonly [string, () => LineMemory])[] = [
  ['the WebAssembly memory', () => new WasmMemory()],
  ['the plain memory', () => new PlainMemory()],
];
const SIZES = [1, 2, 3, 61, 4099] as const;

/** Creates a source that returns the text in chunks of this size. */
function source(text: string | Uint8Array, size: number): TextSource {
  let rest: Uint8Array = Buffer.from(text);
  return {
    read(into) {
      const length = Math.min(size, rest.length, into.length);
      into.set(rest.subarray(0, length));
      rest = rest.subarray(length);
      return length;
    },
  };
}

function survey(text: string | Uint8Array, size = 4099): SortedSurvey {
  return new SortedSurveyor().survey(source(text, size));
}

function merge(texts: readonly string[], size: number, memory?: LineMemory, root?: string): string {
  const sources = texts.map((text) => source(text, size));
  const merged = new SortedMerge(sources, { buffer: 64, ...(root !== undefined && { root }) }, memory);
  return Array.from(merged.lines(), (piece) => Buffer.from(piece).toString()).join('');
}

/** Reads all inputs with the reader, adds up equal stacks, and sorts the result frame by frame. */
function reference(texts: readonly string[]): string {
  const sums = new Map<string, number>();
  for (const batch of texts.flatMap((text) => readAll(new FoldedReader(), text))) {
    for (const { frames, count } of batch) {
      const stack = frames.map(({ label }) => label).reverse();
      const key = stack.join(';');
      sums.set(key, (sums.get(key) ?? 0) + count);
    }
  }
  return [...sums]
    .sort(([a], [b]) => compareStacks(a.split(';'), b.split(';')))
    .map(([stack, sum]) => `${stack} ${sum}\n`)
    .join('');
}

function compareStacks(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((name, i) => name !== b[i]);
  if (at < 0) return a.length - b.length;
  return b[at] === undefined ? 1 : compareNames(a[at]!, b[at]);
}

/** Names that are prefixes of one another, including names with characters that sort before and after `;`. */
const name = fc.oneof(
  fc.constantFrom('a', 'a.isra.0', 'a b', 'ab', 'a-b', 'a<int>', 'é', 'e', '\u{1f600}', '\uff5e', 'x 1 y'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map((text) => leafLabelOf(labelOf(text))),
);
const lines = fc.array(
  fc.tuple(fc.array(name, { minLength: 1, maxLength: 5 }), fc.nat(1_000_000)).map(([names, count]) => {
    const leaf = leafLabelOf(names.at(-1)!);
    return `${[...names.slice(0, -1), leaf].join(';')} ${count}\n`;
  }),
  { maxLength: 30 },
);
const sorted = lines.map((each) => reference([each.join('')]));

describe.each(MEMORIES)('merging sorted folded text with %s', (_, newMemory) => {
  it('produces the same sums as the reader, whatever the chunk size', () => {
    fc.assert(
      fc.property(fc.array(sorted, { maxLength: 7 }), fc.constantFrom(...SIZES), (texts, size) => {
        expect(merge(texts, size, newMemory())).toBe(reference(texts));
      }),
    );
  });
  it('produces the same output however the inputs are ordered and grouped', () => {
    fc.assert(
      fc.property(
        fc.array(sorted, { minLength: 1, maxLength: 6 }),
        fc.nat(6),
        fc.nat(6),
        (texts, turn, at) => {
          const turned = [...texts.slice(turn), ...texts.slice(0, turn)];
          const groups = [turned.slice(0, at), turned.slice(at)].map((some) => merge(some, 61, newMemory()));
          expect(merge(groups, 61, newMemory())).toBe(merge(texts, 61, newMemory()));
        },
      ),
    );
  });
});

describe('a survey of folded text', () => {
  it('reports an input as sorted only if merging its lines produces the same sums as the reader', () => {
    const text = fc.oneof(
      lines.map((each) => each.join('')),
      fc.string({
        unit: fc.constantFrom('a', 'b', ';', ' ', '1', '.', '\n', '\r', '\t', '#', 'é', '\u2028'),
      }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...SIZES), (given, size) => {
        const { isSorted, stacks, weight } = survey(given, size);
        if (!isSorted) return;
        const reader = new FoldedReader();
        const counts = readAll(reader, given).flatMap((batch) => Array.from(batch, ({ count }) => count));
        expect(reader.summary().ignoredLines).toBe(0);
        expect(stacks).toBe(counts.length);
        expect(weight).toBe(counts.reduce((a, b) => a + b, 0));
        expect(merge([given], size)).toBe(reference([given]));
      }),
      share(10),
    );
  });
  it.each([
    ['lines in the wrong order', 'b 1\na 2\n'],
    ['a stack after a longer one that begins with it', 'a;b 1\na 2\n'],
    ['lines sorted byte by byte', 'foo 1\nfoo.isra.0;x 1\nfoo;b 1\n'],
    ['two counts', 'a 1 2\n'],
    ['a decimal count', 'a 1.5\n'],
    ['a count that a double cannot represent exactly', 'a 9007199254740993\n'],
    ['an empty name', 'a;;b 1\n'],
    ['a name that begins with a blank', 'a; b 1\n'],
    ['a line without a count', 'a\n'],
    ['a carriage return', 'a 1\r\n'],
    ['a name that is not a valid label', 'a;# 1\n'],
    ['a line separator', 'a\u2028b 1\n'],
    ['a byte order mark', '\ufeffa 1\n'],
  ])('does not report an input as sorted if it contains %s', (__, text) => {
    for (const size of SIZES) expect(survey(text, size).isSorted).toBe(false);
  });
  it('does not report invalid UTF-8 as sorted, even if two lines first differ in the middle of a character', () => {
    const cut = Buffer.concat([Buffer.from('é 1\n'), Buffer.from([0xc3]), Buffer.from('a 1\n')]);
    for (const size of SIZES) expect(survey(cut, size).isSorted).toBe(false);
  });
  it("reports the input's facts, and whether its last line is complete", () => {
    const text = '# stapflame unit=us host=web1\n# stapflame incomplete lost=2\na 1\na;b 2';
    for (const size of SIZES) {
      expect(survey(text, size)).toEqual({
        isSorted: true,
        facts: { unit: 'us', host: 'web1', losses: { lost: 2 } },
        firstFacts: { unit: 'us', host: 'web1', losses: { lost: 2 } },
        stacks: 2,
        weight: 3,
        isCut: true,
      });
    }
  });
});

describe('merging', () => {
  it('adds a root frame to every stack', () => {
    expect(merge(['a 1\nb 2\n', 'a;c 3\n'], 61, undefined, 'web1')).toBe('web1;a 1\nweb1;a;c 3\nweb1;b 2\n');
  });
  it('yields an empty chunk while an input has no bytes yet, and then continues where it stopped', () => {
    const texts = ['a;b 1\na;c 2\nb 3\n', 'a 1\na;b 4\nb;c 1\n'];
    for (const size of SIZES) {
      const growing = texts.map((text) => {
        const { read } = source(text, size);
        let reads = 0;
        return { read: (into: Uint8Array) => (reads++ % 2 === 0 ? undefined : read(into)) };
      });
      const pieces = Array.from(new SortedMerge(growing, { buffer: 64 }).lines(), (piece) =>
        Buffer.from(piece).toString(),
      );
      expect(pieces.slice(0, -1).every((piece) => piece === '')).toBe(true);
      expect(pieces.length).toBeGreaterThan(4);
      expect(pieces.at(-1)).toBe(merge(texts, size));
    }
  });
  it('accepts lines longer than the read buffer', () => {
    const deep = Array.from({ length: 5000 }, (_, i) => `frame${i}`).join(';');
    const text = `${deep} 1\n${deep};leaf 2\n`;
    for (const size of [61, 4099]) expect(merge([text, text], size)).toBe(`${deep} 2\n${deep};leaf 4\n`);
  });
  it('yields the lines in several chunks, and accepts lines longer than a chunk', () => {
    const deep = Array.from({ length: 100_000 }, (_, i) => `frame${i}`).join(';');
    const text = [
      ...Array.from({ length: 40_000 }, (_, i) => `a${i + 100_000} 1\n`),
      `${deep} 2\n`,
      'x 3\n',
    ].join('');
    const pieces = Array.from(new SortedMerge([source(text, 1 << 16)]).lines(), (piece) =>
      Buffer.from(piece),
    );
    expect(pieces.length).toBeGreaterThan(2);
    expect(Buffer.concat(pieces).toString() === text).toBe(true);
  });
  it('fails if an input turns out not to be sorted', () => {
    expect(() => merge(['b 1\na 1\n'], 61)).toThrow(expect.objectContaining({ code: 'UNSORTED' }));
  });
  it('produces no output if there are no lines or no inputs', () => {
    expect(merge([], 61)).toBe('');
    expect(merge(['', '\n'], 61)).toBe('');
  });
});
