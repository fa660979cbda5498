import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { labelOf, leafLabelOf } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { createFlameGraphRenderer, renderFlameGraph, type RendererOptions } from '../src/index.ts';

/** A box in the picture. */
interface Box {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Reads the picture with a strict XML parser, which throws if the picture is not well-formed. */
function boxesOf(svg: string): Box[] {
  const boxes: Box[] = [];
  const parser = new SaxesParser();
  let title = '';
  let inTitle = false;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    inTitle = name === 'title';
    if (inTitle) title = '';
    if (name === 'rect' && 'rx' in attributes && 'fill' in attributes) {
      boxes.push({
        title,
        x: Number(attributes['x']),
        y: Number(attributes['y']),
        width: Number(attributes['width']),
      });
    }
  });
  parser.on('closetag', () => void (inTitle = false));
  parser.on('text', (piece) => void (inTitle && (title += piece)));
  parser.write(svg).close();
  return boxes;
}

const titles = (folded: string, options: RendererOptions = {}): string[] =>
  boxesOf(renderFlameGraph([folded], options)).map((box) => box.title);

describe('the picture', () => {
  it('draws a function once above its caller, even if other stacks come between its stacks in byte order', () => {
    const expected = [
      'all (208 samples, 100.00 %)',
      'b (200 samples, 96.15 %)',
      'foo (205 samples, 98.56 %)',
      'foo.isra.0 (3 samples, 1.44 %)',
      'x (3 samples, 1.44 %)',
    ];
    expect(titles('foo 5\nfoo.isra.0;x 3\nfoo;b 200\n').sort()).toEqual(expected);
    expect(titles('foo 5\nfoo;b 200\nfoo.isra.0;x 3\n', { sorted: true }).sort()).toEqual(expected);
  });
  it('draws callees above their caller and within its width', () => {
    const boxes = new Map(
      boxesOf(renderFlameGraph(['a;b 1\na;c 3\nd 4\n'])).map((box) => [box.title.split(' ')[0], box]),
    );
    const [all, a, b, c, d] = ['all', 'a', 'b', 'c', 'd'].map((name) => boxes.get(name)!) as [
      Box,
      Box,
      Box,
      Box,
      Box,
    ];
    expect([a.width, b.width, c.width, d.width].map((width) => width / all.width)).toEqual(
      [0.5, 0.125, 0.375, 0.5].map((share) => expect.closeTo(share, 4)),
    );
    expect([a.x, b.x, c.x, d.x]).toEqual(
      [all.x, all.x, b.x + b.width, a.x + a.width].map((x) => expect.closeTo(x, 1)),
    );
    expect(all.y).toBeGreaterThan(a.y);
    expect(a.y).toBe(d.y);
    expect(b.y).toBeLessThan(a.y);
  });
  it('is drawn with the root at the top if requested', () => {
    const boxes = boxesOf(renderFlameGraph(['a;b 1\n'], { inverted: true }));
    expect(boxes.map(({ y }) => y)).toEqual(boxes.map(({ y }) => y).sort((first, second) => first - second));
  });
  it('does not depend on the order of the stacks', () => {
    expect(renderFlameGraph(['a;b 1\nc 2\n'])).toBe(renderFlameGraph(['c 2\na;b 1\n']));
  });
  it('reports that the input was incomplete, and why', () => {
    const svg = renderFlameGraph(['a 1\n# stapflame incomplete damaged=2 lost=1500\n']);
    expect(svg).toContain('Incomplete: 2 damaged records, 1,500 samples lost');
    expect(renderFlameGraph(['a 1\n'])).not.toContain('Incomplete');
  });
  it('reports how much weight is in unnamed functions of files that name only exported functions', () => {
    const svg = renderFlameGraph(['# stapflame exportedonly=25\n', 'a 75\n', '[app] 25\n']);
    expect(svg).toContain(
      '25.00 % of all is in functions without a name ([file]): in those files, only exported functions have names</text>',
    );
    expect(renderFlameGraph(['[app] 1\n'])).not.toContain('without a name');
  });

  it('reports what share of the whole is shown if the sampler reached its stack limit', () => {
    const svg = renderFlameGraph(['# stapflame beyondlimit=25\n', 'a 75\n']);
    expect(svg).toContain('75.00 % of all is shown: the sampler reached its stack limit</text>');
    expect(renderFlameGraph(['a 75\n'])).not.toContain('of all is shown');
  });
  it('reports how much weight was filtered out earlier', () => {
    const svg = renderFlameGraph(['# stapflame filtered=25\n', 'a 75\n']);
    expect(svg).toContain('the x-axis is not time. 25.00 % of all was filtered out</text>');
    expect(renderFlameGraph(['a 1\n'])).not.toContain('filtered out');
  });
  it('leaves out boxes that are too narrow, and reports how many', () => {
    const svg = renderFlameGraph([`wide 100000\nnarrow;er 1\n`]);
    expect(boxesOf(svg).map(({ title }) => title.split(' ')[0])).toEqual(['all', 'wide']);
    expect(svg).toContain('2 boxes narrower than 0.1 px not drawn');
  });
});

const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 6 })
  .map((each) => leafLabelOf(labelOf(each)));
const stacks = fc.array(
  fc.tuple(fc.array(name, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 200 })),
  { minLength: 1, maxLength: 40 },
);

/** Width of the boxes in px, large enough for every box to have an element. */
const SPAN = 100_000 - 20;

describe('any stacks', () => {
  it('have a root box with the sum of their weights', () => {
    fc.assert(
      fc.property(stacks, (all) => {
        const total = all.reduce((sum, [, weight]) => sum + weight, 0);
        const folded = all.map(([frames, weight]) => `${frames.join(';')} ${weight}\n`).join('');
        expect(titles(folded)[0]).toBe(
          `all (${total.toLocaleString('en-US')} ${total === 1 ? 'sample' : 'samples'}, 100.00 %)`,
        );
      }),
    );
  });
  it('have the same boxes as a simple recursive layout', () => {
    interface Node {
      weight: number;
      readonly children: Map<string, Node>;
    }
    fc.assert(
      fc.property(stacks, (all) => {
        const root: Node = { weight: 0, children: new Map() };
        for (const [frames, weight] of all) {
          let node = root;
          node.weight += weight;
          for (const frame of frames) {
            node.children.set(frame, node.children.get(frame) ?? { weight: 0, children: new Map() });
            node = node.children.get(frame)!;
            node.weight += weight;
          }
        }
        const expected: (readonly number[])[] = [];
        const layOut = (node: Node, start: number, depth: number): void => {
          expected.push([depth, start, (SPAN * node.weight) / root.weight]);
          const order = [...node.children].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
          let x =
            start +
            (SPAN * (node.weight - order.reduce((sum, [, child]) => sum + child.weight, 0))) / root.weight;
          for (const [, child] of order) {
            layOut(child, x, depth + 1);
            x += (SPAN * child.weight) / root.weight;
          }
        };
        layOut(root, 0, 0);
        const folded = all.map(([frames, weight]) => `${frames.join(';')} ${weight}\n`).join('');
        const boxes = boxesOf(renderFlameGraph([Buffer.from(folded)], { minwidth: 0, width: 100_000 }));
        const bottom = boxes[0]!.y;
        expect(boxes.length).toBe(expected.length);
        const drawn = boxes.map(({ x, y, width }) => [(bottom - y) / 17, x, width]);
        const inPlace = (rows: readonly (readonly number[])[]): (readonly number[])[] =>
          [...rows].sort(([depthA, xA], [depthB, xB]) => depthA! - depthB! || xA! - xB!);
        const wanted = inPlace(expected);
        for (const [i, row] of inPlace(drawn).entries()) {
          for (const [j, value] of row.entries()) expect(Math.abs(value - wanted[i]![j]!)).toBeLessThan(0.02);
        }
      }),
    );
  });
  it('stay text, whatever names they contain', () => {
    fc.assert(
      fc.property(stacks, fc.string({ unit: 'binary' }), (all, hostile) => {
        const folded = all.map(([frames, weight]) => `${frames.join(';')} ${weight}\n`).join('');
        boxesOf(renderFlameGraph([folded], { title: hostile, subtitle: hostile, countname: `${hostile}x` }));
      }),
    );
    const svg = renderFlameGraph(['</script><script>alert(1)</script>;]]>;"onload=;--> 1\n'], {
      title: '<b>&"\'',
    });
    expect(boxesOf(svg).map(({ title }) => title.split(' (')[0])).toContain(
      '</script><script>alert(1)</script>',
    );
    expect(svg.split('<script').length).toBe(2);
  });
});

describe('sorted input', () => {
  it('is drawn like unsorted input', () => {
    fc.assert(
      fc.property(stacks, (all) => {
        const sums = new Map<string, number>();
        for (const [frames, weight] of all)
          sums.set(frames.join(';'), (sums.get(frames.join(';')) ?? 0) + weight);
        const key = (stack: string): Buffer => Buffer.from(stack.replaceAll(';', '\u0001'));
        const sorted = [...sums]
          .sort(([a], [b]) => Buffer.compare(key(a), key(b)))
          .map(([stack, weight]) => `${stack} ${weight}\n`);
        const folded = [...sums].map(([stack, weight]) => `${stack} ${weight}\n`);
        const bytes = (lines: string[]): Uint8Array[] => lines.map((line) => Buffer.from(line));
        expect(renderFlameGraph(bytes(sorted), { sorted: true })).toBe(renderFlameGraph(bytes(folded)));
      }),
    );
  });
  it.each([
    ['b 1\na 1\n', 2],
    ['a;b 1\na 1\n', 2],
    ['a 1\na;c 1\na;b 1\n', 3],
  ])('that is out of order (%j) causes an error with the line number', (folded, line) => {
    expect(() => renderFlameGraph([folded], { sorted: true })).toThrow(
      expect.objectContaining({ code: 'UNSORTED', line }),
    );
  });
  it('is drawn with only the boxes that are wide enough', () => {
    const renderer = function* (): Generator<string> {
      for (let i = 0; i < 200_000; i++) yield `n${String(i).padStart(6, '0')};x ${1 + (i % 3)}\n`;
    };
    expect(boxesOf(renderFlameGraph(renderer(), { sorted: true })).length).toBe(1);
  });
});

describe('the stage', () => {
  it('reads text that is split anywhere', async () => {
    const folded = Buffer.from('ä;b 1\nc 2\n# stapflame incomplete lost=1\n');
    for (const size of [1, 2, 3, 61]) {
      const pieces = Array.from({ length: Math.ceil(folded.length / size) }, (_, i) =>
        folded.subarray(i * size, (i + 1) * size),
      );
      const stage = createFlameGraphRenderer();
      Readable.from(pieces).pipe(stage);
      expect(await text(stage)).toBe(renderFlameGraph([folded]));
      expect(stage.summary).toMatchObject({ stacks: 2, weight: 3, incomplete: true });
    }
  });
  it.each(['', '\n', 'nonsense\n', 'a 0\n', '# x\n'])(
    'rejects %j, which contains nothing to draw',
    (folded) => {
      expect(() => renderFlameGraph([folded])).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }));
    },
  );
  it.each([
    ['one weight', 'a 1e308\na 1e308\n'],
    ['the weights before', `a ${10n ** 308n} 1\nb ${10n ** 308n} 1\n`],
    ['the weights after', 'a 1 1e308\nb 1 1e308\n'],
  ])('rejects %s with a sum that is larger than the largest number', (_, folded) => {
    for (const sorted of [false, true])
      expect(() => renderFlameGraph([folded], { sorted })).toThrow(
        expect.objectContaining({ code: 'SUM_TOO_LARGE' }),
      );
  });
  it('mentions the base frames in the error if no stack contains any of them', () => {
    for (const flamechart of [false, true]) {
      expect(() => renderFlameGraph(['a;b 1\n'], { base: ['x', 'y'], flamechart })).toThrow(
        expect.objectContaining({
          code: 'EMPTY_INPUT',
          message: expect.stringContaining(') below x, y, but no stack'),
        }),
      );
    }
  });
  it('has an empty summary before it has read anything', () => {
    expect(createFlameGraphRenderer().summary).toMatchObject({
      stacks: 0,
      distinct: 0,
      weight: 0,
      boxes: 0,
      levelsCut: 0,
      incomplete: false,
      paletteMap: undefined,
    });
  });
  it('draws sums that are too large to be exact, and says that they are rounded', () => {
    const svg = renderFlameGraph(['a 9007199254740991\nb 9007199254740991\n']);
    expect(svg).toContain('all (18,014,398,509,481,982 samples, 100.00 %)');
    expect(svg).toContain('Sums over 9,007,199,254,740,991 are rounded');
    expect(renderFlameGraph(['a 9007199254740991\n'])).not.toContain('rounded');
  });
  it('rejects invalid option values', () => {
    expect(() => renderFlameGraph(['a 1\n'], { width: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('width') }),
    );
  });
});
