import { describe, expect, it } from 'vitest';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { mostOf } from '../src/picture/bounds.ts';
import { knownText } from '../src/picture/details.ts';
import type { PageData } from '../src/picture/document.ts';
import { describe as titleOf, drawBoxes, drawMatches, type View } from '../src/picture/draw.ts';
import { boxAt, layOut, type Layout, type LayoutFilter, type Widths } from '../src/picture/layout.ts';
import { unpackTree, type PackedTree } from '../src/picture/packed.ts';
import { noteText, shareText, type Reading } from '../src/picture/words.ts';

/** Returns the data that the script in a picture reads. */
function dataOf(folded: string, options: RendererOptions = {}): PageData {
  const json = /<metadata>(.*?)<\/metadata>/s.exec(renderFlameGraph([folded], options))![1]!;
  const text = json.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const data = JSON.parse(text) as Omit<PageData, 'tree'> & { readonly tree: PackedTree };
  return { ...data, tree: unpackTree(data.tree) };
}

/** Lays out the tree with filters, each given as a kind and a name, such as `hide a`. */
function laidOut({ tree }: PageData, filters: readonly string[] = [], widths: Widths = 'after'): Layout {
  const parsed = filters.map((filter): LayoutFilter => {
    const [kind, name] = filter.split(' ') as ['hide' | 'focus', string];
    return { kind, names: Uint8Array.from(tree.names, (each) => (each === name ? 1 : 0)) };
  });
  return layOut(tree, parsed, widths);
}

const boxOf = ({ tree }: Layout, name: string): number =>
  Array.from(tree.nameIds).findIndex((id) => tree.names[id] === name);
const namesOf = ({ tree }: Layout, boxes: readonly number[]): string[] =>
  boxes.map((box) => tree.names[tree.nameIds[box]!]!);

const view: View = { width: 1000, inverted: false, zoom: 0 };

describe('a zoomed box', () => {
  const data = dataOf('a;b;c 3\na;b;d 1\na;e 4\nf 2\n');
  const layout = laidOut(data);
  const drawn = drawBoxes(layout, data.look, { ...view, zoom: boxOf(layout, 'b') });
  it('is drawn with its callers and callees, and without other boxes', () => {
    expect(namesOf(layout, drawn.wide).sort()).toEqual(['a', 'all', 'b', 'c', 'd']);
  });
  it('fills the width, like its callers, which are marked', () => {
    const boxes = Array.from(
      drawn.frames.matchAll(/class="frame( above)?"><title>(\w+) .*?<rect x="0" .*? width="1000"/g),
      ([, above, name]) => `${name}${above ?? ''}`,
    );
    expect(boxes.sort()).toEqual(['a above', 'all above', 'b']);
  });
  it('is not drawn if filters hide every stack', () => {
    const empty = laidOut(data, ['hide a', 'hide f']);
    expect(drawBoxes(empty, data.look, view)).toEqual({ runs: [], frames: '', wide: [] });
    expect(drawMatches(empty, data.look, view, new Uint8Array(data.tree.names.length).fill(1))).toEqual([]);
  });
});

describe('the matches of a search', () => {
  it('are drawn even if they are narrow, and are separated by neighbours that do not match', () => {
    const narrow = Array.from({ length: 8 }, (_, i) => `n${i} 1\n`).join('');
    const data = dataOf(`wide 992\n${narrow}`);
    const layout = laidOut(data);
    const pathsOf = (...names: string[]): number => {
      const matches = Uint8Array.from(data.tree.names, (name) => (names.includes(name) ? 1 : 0));
      const paths = drawMatches(layout, data.look, view, matches);
      return paths.reduce((sum, { d }) => sum + d.split('M').length - 1, 0);
    };
    expect(pathsOf()).toBe(0);
    expect(pathsOf('wide')).toBe(0);
    expect(pathsOf('n1')).toBe(1);
    expect(pathsOf('n1', 'n3', 'wide')).toBe(2);
  });
});

describe('the box at a position', () => {
  const data = dataOf('a 2\na;b 1\na;c 3\nd;e 4\n', { total: 20 });
  const layout = laidOut(data);
  it('is the box drawn there', () => {
    for (const [depth, row] of layout.rows.entries()) {
      for (const box of row) {
        const [start, width] = [layout.starts[box]!, layout.widths[box]!];
        expect([start, start + width / 2].map((at) => boxAt(layout, depth, at))).toEqual([box, box]);
      }
    }
  });
  it('is absent between boxes, beside them and beyond the last row', () => {
    expect([boxAt(layout, 1, -1), boxAt(layout, 2, 1), boxAt(layout, 1, 15), boxAt(layout, 3, 1)]).toEqual([
      -1, -1, -1, -1,
    ]);
  });
});

describe('an upper bound on a weight', () => {
  // the callee e is too narrow to be drawn, but a filter may focus on it
  const data = dataOf('a;b 500\na;c 400\na;e 1\nd 99\n', { minwidth: '1%' });
  it('is the weight itself if no filter is applied', () => {
    const layout = laidOut(data);
    expect(['all', 'a', 'd'].map((name) => mostOf(layout, boxOf(layout, name)))).toEqual([1000, 901, 99]);
  });
  it('includes the undrawn callees that a focus may have removed', () => {
    const layout = laidOut(data, ['focus b']);
    expect(['all', 'a', 'b', 'd'].map((name) => mostOf(layout, boxOf(layout, name)))).toEqual([
      501, 501, 500, 0,
    ]);
  });
});

describe('the note below the boxes', () => {
  const data = dataOf('a;b 500\na;c 400\na;e 1\nd 99\n', { minwidth: '1%' });
  const note = (filters: string[], reading: Partial<Reading> = {}, given: PageData = data): string => {
    const kinds = filters.map((filter) => ({ kind: filter.split(' ')[0] as 'hide' | 'focus' }));
    return noteText(laidOut(given, filters), given.look, { across: 'names', filters: kinds, ...reading });
  };
  it('explains the chosen widths and order', () => {
    const whole = '1,000 samples. Width is the share of the whole';
    expect(note([])).toBe(`${whole}; the x-axis is not time.`);
    expect(note([], { across: 'time' })).toBe(`${whole}; the x-axis is the order of the input.`);
    expect(note([], { byWidth: true })).toBe(
      `${whole}; the x-axis is not time, the widest boxes come first.`,
    );
    expect(note([], { collapsed: true })).toBe(
      `${whole}; the x-axis is not time. Recursive calls are merged.`,
    );
    expect(note(['hide x'])).toBe(note([]));
  });
  it('contains both sums of a comparison, and the side that widths show', () => {
    const both = dataOf('a 3 1\n');
    expect(note([], {}, both)).toMatch(/^1 sample after, 3 before\. Width is the share of the whole; /);
    expect(note([], { widths: 'before' }, both)).toContain('Width is the share of the whole before; ');
    expect(note([], { widths: 'both' }, both)).toContain(
      'Width is the mean of the shares of the whole before and after; ',
    );
  });
  it('contains the sum that the filters keep, or a bound on it if they cannot see all boxes', () => {
    const rest = '000 samples. Width is the share of what the filters keep; the x-axis is not time.';
    expect(note(['focus b'])).toBe(`≥ 500 of 1,${rest}`);
    expect(note(['hide b'])).toBe(`≤ 500 of 1,${rest}`);
    expect(note(['hide b', 'focus c'])).toBe(`≥ 400 of 1,${rest}`);
    const exact = dataOf('a 600\nb 400\n');
    expect(note(['hide a'], {}, exact)).toBe(`400 of 1,${rest}`);
    expect(note(['focus a'], {}, exact)).toBe(`600 of 1,${rest}`);
  });
  it('asks to remove a filter if every stack is hidden', () => {
    expect(note(['hide a', 'hide d'])).toBe('Every stack is hidden: remove a filter above.');
  });
});

describe('a share', () => {
  it('is a lower bound if undrawn weight may belong to it', () => {
    expect(shareText({ weight: 1, of: 4, undrawn: 0 })).toBe('25.00 %');
    expect(shareText({ weight: 1, of: 4, undrawn: 2 })).toBe('≥ 25.00 %, 50.00 % not drawn');
    expect(shareText({ weight: 0, of: 0, undrawn: 0 })).toBe('0.00 %');
    expect(shareText({ weight: 0, of: 0, undrawn: 1 })).toBe('0.00 %');
  });
});

describe('the details of a name', () => {
  const details = {
    modules: ['libc.so.6'],
    moduleIds: [-1, 0, -1, 0],
    files: ['run.c'],
    fileIds: [-1, -1, 0, 0],
    lines: { 3: '7–9' },
    inlined: [3],
  };
  it.each([
    [0, 'all', ''],
    [1, 'read', 'libc.so.6'],
    [2, 'run', 'run.c'],
    [3, 'mix', 'libc.so.6, run.c:7–9, inlined'],
    // a name whose number is above those of all names with details
    [4, 'main', ''],
    [5, 'hash_[i]', 'inlined'],
  ])('%i, %s, are %j', (name, label, text) => {
    expect(knownText(label, name, details)).toBe(text);
  });
  it('come from its label alone if no name has details', () => {
    expect(['main', 'hash_[i]'].map((label) => knownText(label, 1, undefined))).toEqual(['', 'inlined']);
  });
  it('contain the file alone if no frame has a line', () => {
    const known = (firstLine?: number): string => {
      const { tree } = dataOf('a 1\n', {
        details: () => ({ file: 'run.c', firstLine, lastLine: firstLine }),
      });
      return knownText('a', tree.names.indexOf('a'), tree.details);
    };
    expect([known(), known(7)]).toEqual(['run.c', 'run.c:7']);
  });
});

describe('in a comparison', () => {
  const folded = 'main;parse 60 20\nmain;run 20 60\nmain;gone 20 0\nnew 0 20\n';
  const options: RendererOptions = {
    minwidth: 0,
    reach: 1.96,
    testBoxes: ({ before, after }) => after.map((each, i) => (Math.abs(each - before[i]!) > 30 ? 1 : 0)),
  };
  const titled = (data: PageData, layout: Layout, name: string): string =>
    titleOf(layout, data.look, boxOf(layout, name));
  it.each<[RendererOptions['compareBy'] & string, RegExp] | [readonly [number, number], RegExp]>([
    ['totals', /; \+40\.00 \[\+26\.77 … \+51\.25\] points, significant\)$/],
    [[1, 1], /; \+40\.00 \[\+22\.\d\d … \+58\.\d\d\] points of the total before, significant\)$/],
  ])('by %j, titles contain the test result and an interval', (compareBy, end) => {
    const data = dataOf(folded, { ...options, compareBy });
    expect(titled(data, laidOut(data), 'run')).toMatch(end);
    expect(titled(data, laidOut(data), 'new')).toMatch(
      /points(?: of the total before)?, not significant, new\)$/,
    );
    expect(titled(data, laidOut(data), 'all')).toMatch(/; \+0\.00 points(?: of the total before)?\)$/);
  });
  it('the data lists the numbers of the functions that differ significantly', () => {
    const { tree } = dataOf(folded, {
      minwidth: 0,
      testFunctions: (name) => (name === 'run' ? { self: true, total: false } : undefined),
    });
    expect(tree.before!.changed).toEqual({ selfs: [tree.names.indexOf('run')], totals: [] });
  });
  it('titles contain no test result or interval after a filter has changed the numbers', () => {
    const data = dataOf(folded, options);
    const filtered = titled(data, laidOut(data, ['hide new']), 'run');
    expect(filtered).toMatch(/points\)$/);
    expect(filtered).not.toContain('[');
  });
  it('changes are approximate if a filter cannot see all boxes', () => {
    const data = dataOf('a;b 500 400\na;c 400 500\na;e 1 1\nd 99 99\n', { minwidth: '1%' });
    expect(titled(data, laidOut(data, ['focus b']), 'b')).toMatch(/; ≈ [+−][\d.]+ points\)$/);
    expect(titled(data, laidOut(data), 'b')).toMatch(/; −10\.00 points\)$/);
  });
  it('widths show the weights before, after or both', () => {
    const data = dataOf(folded, { minwidth: 0 });
    const widthsOf = (widths: Widths): number[] => {
      const layout = laidOut(data, [], widths);
      return ['parse', 'run', 'gone', 'new'].map((name) => layout.widths[boxOf(layout, name)]!);
    };
    expect(widthsOf('before')).toEqual([60, 20, 20, 0]);
    expect(widthsOf('after')).toEqual([20, 60, 0, 20]);
    expect(widthsOf('both')).toEqual([0.8, 0.8, 0.2, 0.2].map((width) => expect.closeTo(width, 9)));
  });
});
