import { describe, expect, it } from 'vitest';
import { renderFlameGraph, rendererOptionDocs, type RendererOptions } from '../src/index.ts';

/** Returns `name:weight` for each box in the picture's data, callers before callees. */
function boxes(folded: string, options: RendererOptions = {}): string[] {
  const metadata = /<metadata>(.*)<\/metadata>/.exec(renderFlameGraph([folded], options))![1]!;
  const { tree } = JSON.parse(metadata.replaceAll('&quot;', '"').replaceAll('&#39;', "'")) as {
    tree: { names: string[]; nameIds: number[]; weights: number[] };
  };
  return tree.nameIds.map((id, box) => `${tree.names[id]}:${tree.weights[box]}`);
}

describe('the option', () => {
  it('reverse merges stacks starting at the leaf', () => {
    expect(boxes('a;c 1\nb;c 2\n', { reverse: true })).toEqual(['all:3', 'c:3', 'a:1', 'b:2']);
  });
  it('base keeps only stacks with the given frame, starting at that frame', () => {
    expect(boxes('a;b;c 1\nb;d 2\ne 4\n', { base: 'b' })).toEqual(['all:3', 'b:3', 'c:1', 'd:2']);
  });
  it('flamechart keeps the order of the input, and merges only neighbours', () => {
    expect(boxes('b 1\na 1\na 1\nb 1\n', { flamechart: true })).toEqual(['all:4', 'b:1', 'a:2', 'b:1']);
    expect(boxes('x;b;a 1\ny 1\nb;c 2\nb;a 3\n', { flamechart: true, base: 'b' })).toEqual([
      'all:6',
      'b:6',
      'a:1',
      'c:2',
      'a:3',
    ]);
    for (const other of ['sorted', 'reverse']) {
      expect(() => renderFlameGraph(['a 1\n'], { flamechart: true, [other]: true })).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTIONS',
          message: expect.stringContaining(`but ${other} changes`),
        }),
      );
    }
  });
  it('total sets the weight of the root box', () => {
    expect(boxes('a 1\n', { total: 4 })).toEqual(['all:4', 'a:1']);
  });
  it('minwidth is either in px at a width of 1200 px, or a share of the total', () => {
    const folded = 'a 99\nb 1\n';
    expect(boxes(folded, { minwidth: 12 })).toContain('b:1');
    expect(boxes(folded, { minwidth: 13 })).not.toContain('b:1');
    expect(boxes(folded, { minwidth: '1%' })).toContain('b:1');
    expect(boxes(folded, { minwidth: '1.1%' })).not.toContain('b:1');
  });
  it('factor multiplies only the displayed counts', () => {
    expect(renderFlameGraph(['a 2\n'], { factor: 10 })).toContain('a (20 samples, 100.00 %)');
  });
  it('negate swaps the default colours of a comparison, which are red for increases and blue for decreases', () => {
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
  it('uicolor and strokecolor become styles of the picture, unless strokecolor is none', () => {
    const styleOf = (options: RendererOptions): string | undefined =>
      /^<svg [^>]* style="([^"]*)"/m.exec(renderFlameGraph(['a 1\n'], options))?.[1];
    expect(styleOf({ uicolor: '#112233', strokecolor: '#445566' })).toBe(
      '--ink:#112233;--dim:#112233;--stroke:#445566',
    );
    expect(styleOf({ strokecolor: 'none' })).toBeUndefined();
  });
  it('nameattr accepts attributes without a value', () => {
    expect(renderFlameGraph(['a 1\n'], { nameattr: 'a\ttitle\n' })).toContain('<title></title>');
    expect(renderFlameGraph(['a 1\n'], { nameattr: 'a\ttarget\n' })).toContain('<title>a (1 sample');
  });
  it('random draws the same picture each time', () => {
    expect(renderFlameGraph(['a;b 1\n'], { random: true })).toBe(
      renderFlameGraph(['a;b 1\n'], { random: true }),
    );
  });
  it('colors reports the valid values if given an invalid one', () => {
    expect(() => renderFlameGraph(['a 1\n'], { colors: 'pink' as 'red' })).toThrow(/"hot".*"colorblind"/s);
  });
  it('list contains each name once', () => {
    const names = rendererOptionDocs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('decimal counts are summed and shown as decimals', () => {
  expect(boxes('a 0.4\na 0.4\nb 1.2\n')).toEqual(['all:2', 'a:0.8', 'b:1.2']);
  expect(boxes('a 1.5\na 2.25\nb 300\n')).toEqual(['all:303.75', 'a:3.75', 'b:300']);
  expect(renderFlameGraph(['a 0.1\na 0.2\n'])).toContain('a (0.3 samples, 100.00 %)');
  expect(renderFlameGraph(['a 334.618\n'])).toContain('a (334.618 samples, 100.00 %)');
});

it('times are shown in convenient units', () => {
  const shown = (unit: string, weight: number): string =>
    /<title>a \((.*), 100/.exec(renderFlameGraph([`# stapflame unit=${unit}\na ${weight}\n`]))![1]!;
  expect(shown('us', 1_040_158_303)).toBe('17 min 20 s (1,040,158,303 us)');
  expect(shown('us', 2250)).toBe('2.25 ms (2,250 us)');
  expect(shown('ns', 999)).toBe('999 ns');
  expect(shown('ns', 0.5)).toBe('0.5 ns');
  expect(shown('s', 120)).toBe('2 min (120 s)');
  expect(shown('us', 999)).toBe('999 µs');
  expect(shown('ms', 90_061_000)).toBe('1 d 1 h (90,061,000 ms)');
  expect(shown('bytes', 12_345)).toBe('12,345 bytes');
  expect(renderFlameGraph(['# stapflame unit=us\na 5\n'], { countname: 'ticks' })).toContain('a (5 ticks,');
});

it('all pictures have the same script, so that a content security policy can list its hash', () => {
  const scripts = [
    renderFlameGraph(['a 1\n']),
    renderFlameGraph(['b;c 5\n'], { title: 'x', colors: 'io' }),
  ].map((svg) => /<script>.*<\/script>/s.exec(svg)![0]);
  expect(scripts[0]).toBe(scripts[1]);
});

it('boxes that are not drawn are counted, and their share is shown', () => {
  expect(renderFlameGraph(['a;b 1\na;c 999999\n'])).toContain(
    '1 box narrower than 0.1 px not drawn (0.00 %)',
  );
});
