import { describe, expect, it } from 'vitest';
import {
  FlameGraphRenderer,
  renderFlameGraph,
  rendererOptionDocs,
  type RendererOptions,
} from '../src/index.ts';

/** `name:weight` of each box, callers before callees, as the picture's data has them. */
function boxes(folded: string, options: RendererOptions = {}): string[] {
  const metadata = /<metadata>(.*)<\/metadata>/.exec(renderFlameGraph([folded], options))![1]!;
  const { tree } = JSON.parse(metadata.replaceAll('&quot;', '"').replaceAll('&#39;', "'")) as {
    tree: { names: string[]; nameIds: number[]; weights: number[] };
  };
  return tree.nameIds.map((id, box) => `${tree.names[id]}:${tree.weights[box]}`);
}

describe('an option', () => {
  it('reverse merges from the leaf', () => {
    expect(boxes('a;c 1\nb;c 2\n', { reverse: true })).toEqual(['all:3', 'c:3', 'a:1', 'b:2']);
  });
  it('base keeps the stacks with a frame, from it on', () => {
    expect(boxes('a;b;c 1\nb;d 2\ne 4\n', { base: 'b' })).toEqual(['all:3', 'b:3', 'c:1', 'd:2']);
  });
  it('flamechart keeps the order, and merges only neighbours', () => {
    expect(boxes('b 1\na 1\na 1\nb 1\n', { flamechart: true })).toEqual(['all:4', 'b:1', 'a:2', 'b:1']);
    expect(() => renderFlameGraph(['a 1\n'], { flamechart: true, sorted: true })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS' }),
    );
  });
  it('total makes the picture part of a larger whole', () => {
    expect(boxes('a 1\n', { total: 4 })).toEqual(['all:4', 'a:1']);
  });
  it('minwidth is px of 1200, or a share', () => {
    const folded = 'a 99\nb 1\n';
    expect(boxes(folded, { minwidth: 12 })).toContain('b:1');
    expect(boxes(folded, { minwidth: 13 })).not.toContain('b:1');
    expect(boxes(folded, { minwidth: '1%' })).toContain('b:1');
    expect(boxes(folded, { minwidth: '1.1%' })).not.toContain('b:1');
  });
  it('maxDepth leaves deeper frames out, and says so in the picture and in the last boxes', () => {
    const folded = 'a;b;c;d 3\na;b;e 2\na;b 1\nf;g 4\n';
    expect(boxes(folded, { maxDepth: 2 })).toEqual(['all:10', 'a:6', 'b:6', 'f:4', 'g:4']);
    const svg = renderFlameGraph([folded], { maxDepth: 2 });
    expect(svg).toContain('>b (6 samples, 60.00 %; deeper frames not shown)</title>');
    expect(svg).toContain('>b (deeper frames not shown)</text>');
    expect(svg).toContain('>g (4 samples, 40.00 %)</title>');
    expect(svg).toContain('Frames beyond level 2 not drawn (50.00 %)');
    const whole = renderFlameGraph([folded], { maxDepth: 4 });
    expect(/not shown\)|beyond level/.test(whole)).toBe(false);
  });
  it('maxDepth holds for stacks in columns, sorted text and merging from the leaf', () => {
    const folded = 'a;b;c;d 3\na;b;e 2\nf;g 4\n';
    const renderer = new FlameGraphRenderer({ maxDepth: 2, sorted: true });
    renderer.push({
      table: { labels: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      frames: Uint32Array.of(3, 2, 1, 0, 4, 1, 0, 6, 5),
      bounds: Uint32Array.of(0, 4, 7, 9),
      weights: [Float64Array.of(3, 2, 4)],
    });
    const svg = [...renderer.finish()].join('');
    expect(renderer.summary()).toMatchObject({ stacks: 3, distinct: 3, weight: 9, deeperWeight: 5 });
    expect(svg === renderFlameGraph([folded], { maxDepth: 2, sorted: true })).toBe(true);
    expect(boxes(folded, { maxDepth: 1, reverse: true })).toEqual(['all:9', 'd:3', 'e:2', 'g:4']);
  });
  it('factor scales the shown counts alone', () => {
    expect(renderFlameGraph(['a 2\n'], { factor: 10 })).toContain('a (20 samples, 100.00 %)');
  });
  it('a second count is the width, its difference the colour: red for more, blue for less', () => {
    const fills = (options: RendererOptions): string[] =>
      Array.from(
        renderFlameGraph(['a 1 9\nb 9 1\n'], options).matchAll(/rx="2" fill="(#\w+)"/g),
        ([, fill]) => fill!,
      );
    const [all, more, less] = fills({}) as [string, string, string];
    expect(boxes('a 1 9\nb 9 1\n')).toEqual(['all:10', 'a:9', 'b:1']);
    expect(Number.parseInt(more.slice(1, 3), 16)).toBeGreaterThan(Number.parseInt(more.slice(5), 16));
    expect(Number.parseInt(less.slice(1, 3), 16)).toBeLessThan(Number.parseInt(less.slice(5), 16));
    expect(fills({ negate: true })).toEqual([all, less, more]);
  });
  it('random gives the same picture in each run', () => {
    expect(renderFlameGraph(['a;b 1\n'], { random: true })).toBe(
      renderFlameGraph(['a;b 1\n'], { random: true }),
    );
  });
  it('that has a value it cannot have is an error that lists the known ones', () => {
    expect(() => renderFlameGraph(['a 1\n'], { colors: 'pink' as 'red' })).toThrow(/"hot".*"colorblind"/s);
  });
  it('is documented once', () => {
    const names = rendererOptionDocs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('decimal counts are summed as they are and shown rounded', () => {
  expect(boxes('a 0.4\na 0.4\nb 1.2\n')).toEqual(['all:2', 'a:0.8', 'b:1.2']);
  expect(renderFlameGraph(['a 0.4\na 0.4\n'])).toContain('a (1 sample, 100.00 %)');
});

it('every picture has the same script, which a content security policy can name', () => {
  const scripts = [
    renderFlameGraph(['a 1\n']),
    renderFlameGraph(['b;c 5\n'], { title: 'x', colors: 'io' }),
  ].map((svg) => /<script>.*<\/script>/s.exec(svg)![0]);
  expect(scripts[0]).toBe(scripts[1]);
});

it('what is not drawn is counted, with its share', () => {
  expect(renderFlameGraph(['a;b 1\na;c 999999\n'])).toContain(
    '1 box narrower than 0.1 px not drawn (0.00 %)',
  );
});
