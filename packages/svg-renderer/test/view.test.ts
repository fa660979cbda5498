import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { FrameList, StackBatch } from '@stapflame/stacks';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { renderFlameGraph } from '../src/index.ts';
import { addressOf, FOLDED, open, openText } from './open-picture.ts';
import { draw, textOf, type Stack } from './stacks.ts';

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const toggle = async (page: Page, name: string): Promise<void> => {
  await press(page, 'View');
  await press(page, name);
};
/** Returns the names of the boxes in each row, from left to right, starting with the root's row. */
const rowsOf = (page: Page): Promise<string[]> =>
  page.$$eval('g.frame', (frames) => {
    const rows = new Map<number, [number, string][]>();
    for (const frame of frames) {
      const rect = frame.querySelector('rect')!;
      const y = Number(rect.getAttribute('y'));
      const name = frame.querySelector('title')!.textContent.split(' (')[0]!;
      rows.set(y, [...(rows.get(y) ?? []), [Number(rect.getAttribute('x')), name]]);
    }
    return [...rows]
      .sort(([a], [b]) => b - a)
      .map(([, row]) =>
        row
          .sort(([a], [b]) => a - b)
          .map(([, name]) => name)
          .join(' '),
      );
  });
async function saved(page: Page, name: string): Promise<{ file: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, name)]);
  return { file: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe('the view menu', () => {
  it('is closed at first, and can be opened, used and closed with the keyboard', async () => {
    const page = await open();
    expect(await page.locator('.sf-menu').isVisible()).toBe(false);
    const opener = page.getByRole('button', { name: 'View' });
    await opener.focus();
    await page.keyboard.press('Enter');
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    const first = page.getByRole('button', { name: 'Widest first' });
    await first.focus();
    await page.keyboard.press('Space');
    expect(await first.getAttribute('aria-pressed')).toBe('true');
    await opener.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.sf-menu').isVisible()).toBe(false);
  });
  it('offers only actions that are useful for the picture', async () => {
    const page = await openText('chart.svg', renderFlameGraph(['a;a 1\nb 2\n'], { flamechart: true }));
    await press(page, 'View');
    expect(await page.locator('.sf-menu button').allTextContents()).toEqual(['SVG', 'PNG', 'Folded']);
  });
});

describe('widest first', () => {
  it('sorts siblings by width, keeps the zoom, and is restored by a link and undone by Back', async () => {
    const page = await open();
    expect(await rowsOf(page)).toEqual(['all', 'main other', 'parse run', 'read scan parse work', 'read']);
    await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().click();
    await toggle(page, 'Widest first');
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    expect(await rowsOf(page)).toEqual(['all', 'main', 'run', 'work parse', 'read']);
    expect(await page.textContent('.sf-foot')).toContain(
      'the x-axis is not time, the widest boxes come first.',
    );
    const link = await addressOf(page);
    await page.goto('about:blank');
    await page.goto(link);
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    expect(await rowsOf(page)).toEqual(['all', 'main', 'run', 'work parse', 'read']);
    await page.goto(link.split('#')[0]!);
    await toggle(page, 'Widest first');
    expect(await rowsOf(page)).toEqual(['all', 'main other', 'parse run', 'scan read work parse', 'read']);
    await page.goBack();
    await page.waitForFunction(() => !location.hash.includes('widest'));
    expect(await rowsOf(page)).toEqual(['all', 'main other', 'parse run', 'read scan parse work', 'read']);
  });
});

const stacks = fc.array(
  fc.tuple(
    fc.array(fc.constantFrom<string>('a', 'b', 'c'), { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 100, max: 999 }),
  ),
  { minLength: 1, maxLength: 12 },
);

describe('merged recursion', () => {
  it('draws the same boxes as for stacks whose direct recursion was removed', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.boolean(), async (stacks, byWidth) => {
        const merged = stacks.map(([frames, weight]): Stack => [
          frames.filter((frame, i) => frame !== frames[i - 1]),
          weight,
        ]);
        const [page, expected] = await Promise.all(
          [stacks, merged].map((each, i) =>
            openText(`merged${i}.svg`, renderFlameGraph([textOf(each)], { minwidth: 0 })),
          ),
        );
        await toggle(page!, 'Merge recursion');
        for (const each of byWidth ? [page!, expected!] : []) {
          if (each === expected) await press(each, 'View');
          await press(each, 'Widest first');
        }
        const titles = (each: Page): Promise<string[]> =>
          each.$$eval('g.frame title', (all) => all.map((title) => title.textContent));
        expect(await titles(page!)).toEqual(await titles(expected!));
        expect(await rowsOf(page!)).toEqual(await rowsOf(expected!));
        await Promise.all([page!.context().close(), expected!.context().close()]);
      }),
      share(0.06),
    );
  });
});

describe('colours by module', () => {
  it('are derived from names, and have a key', async () => {
    const page = await openText(
      'modules.svg',
      renderFlameGraph(['main;alloc::a 30\nmain;core::b 20\nmain;read [libc.so.6] 10\nmain;tick_[k] 5\n']),
    );
    await toggle(page, 'Colour by module');
    const squares = await page.$$eval('.sf-color', (all) => all.map((each) => each.nextSibling!.textContent));
    expect(squares).toEqual(['alloc', 'core', 'libc.so.6', 'kernel', 'other']);
    const fills = await page.$$eval('g.frame', (frames) =>
      frames.map((frame) => [
        frame.querySelector('title')!.textContent.split(' (')[0],
        frame.querySelector('rect')!.getAttribute('fill'),
      ]),
    );
    const colors = new Map(fills as [string, string][]);
    expect(
      new Set(['alloc::a', 'core::b', 'read [libc.so.6]', 'tick', 'main'].map((each) => colors.get(each)))
        .size,
    ).toBe(5);
  });
});

describe('a comparison', () => {
  const comparison = (): Promise<Page> =>
    openText('compared.svg', renderFlameGraph(['main;gone 60 0\nmain;kept 20 20\nmain;new 0 60\n']));
  const widthOf = (page: Page, name: string): Promise<number> =>
    page
      .locator('g.frame', { has: page.locator(`title:text("${name} (")`) })
      .locator('rect')
      .evaluate((rect) => Number(rect.getAttribute('width')));
  it('can show weights before, after or both, and draws vanished functions if weights before are shown', async () => {
    const page = await comparison();
    expect(await rowsOf(page)).toEqual(['all', 'main', 'kept new']);
    await toggle(page, 'Before');
    expect(await rowsOf(page)).toEqual(['all', 'main', 'gone kept']);
    expect(await widthOf(page, 'gone')).toBeCloseTo((980 * 60) / 80, 1);
    expect(await page.textContent('.sf-foot')).toContain('Width is the share of the whole before;');
    await press(page, 'Both');
    expect(await rowsOf(page)).toEqual(['all', 'main', 'gone kept new']);
    expect(await widthOf(page, 'gone')).toBeCloseTo((980 * 60) / 160, 1);
    expect(await page.getByRole('button', { name: 'Both' }).getAttribute('aria-pressed')).toBe('true');
    await page.locator('g.frame', { hasText: 'gone' }).locator('rect').hover();
    expect(await page.textContent('.sf-details')).toMatch(
      /^0 samples, 0\.00 %; before 60, 75\.00 %; −75\.00 points/,
    );
  });
});

describe('saving', () => {
  it('exports the visible part as folded text with the same sums', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.constantFrom(0, '10%'), async (stacks, minwidth) => {
        const page = await openText('fold.svg', renderFlameGraph([textOf(stacks)], { minwidth }));
        await press(page, 'View');
        const { file, bytes } = await saved(page, 'Folded');
        expect(file).toBe('flame-graph.folded');
        const lines = bytes.toString().trimEnd().split('\n');
        const sums = new Map<string, number>();
        for (const [frames, weight] of stacks)
          sums.set(frames.join(';'), (sums.get(frames.join(';')) ?? 0) + weight!);
        const expected = [...sums].map(([stack, weight]) => `${stack} ${weight}`).sort();
        if (minwidth === 0) expect(lines.toSorted()).toEqual(expected);
        const total = lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
        expect(total).toBe(stacks.reduce((sum, [, weight]) => sum + weight!, 0));
        await page.context().close();
      }),
      share(0.06),
    );
  });
  it('exports only the zoomed part, with both counts of a comparison', async () => {
    const page = await openText(
      'part.svg',
      renderFlameGraph(['a;b;c 5 7\na;b 1 2\na;d 3 4\n'], { countname: 'us' }),
    );
    await page
      .locator('g.frame', { has: page.locator('title:text("b (")') })
      .locator('rect')
      .first()
      .click();
    await press(page, 'View');
    expect((await saved(page, 'Folded')).bytes.toString()).toBe('# stapflame unit=us\na;b 1 2\na;b;c 5 7\n');
  });
  it.each(['light', 'dark'] as const)(
    'exports a still picture and a PNG, both in the %s colours shown on screen',
    async (colorScheme) => {
      const page = await openText('still.svg', renderFlameGraph([FOLDED], { title: 'A & <B>' }), {
        colorScheme,
      });
      await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().click();
      await press(page, 'View');
      const svg = await saved(page, 'SVG');
      expect(svg.file).toBe('a-b.svg');
      const still = await openText('saved.svg', svg.bytes.toString(), { colorScheme: 'light' });
      expect(await rowsOf(still)).toEqual(await rowsOf(page));
      expect(await still.locator('script, foreignObject').count()).toBe(0);
      expect(await still.locator('text.note').allTextContents()).toContain('all › main › run');
      const paper = colorScheme === 'dark' ? 'rgb(21, 23, 27)' : 'rgb(255, 255, 255)';
      expect(await still.$eval('svg', (root) => getComputedStyle(root).backgroundColor)).toBe(paper);
      const png = await saved(page, 'PNG');
      expect(png.file).toBe('a-b.png');
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(png.bytes.readUInt32BE(16)).toBe(2000);
    },
  );
  it('also works in an HTML page that contains the picture', async () => {
    const page = await openText('page.html', renderFlameGraph([FOLDED], { container: 'html' }));
    await press(page, 'View');
    expect((await saved(page, 'PNG')).bytes.subarray(1, 4).toString()).toBe('PNG');
    expect((await saved(page, 'SVG')).bytes.toString()).toContain('xmlns="http://www.w3.org/2000/svg"');
  });
});

describe('an animation', () => {
  const zoomed = async (reducedMotion: 'reduce' | 'no-preference'): Promise<number> => {
    const page = await open({}, { reducedMotion });
    return page.evaluate(() => {
      const item = document.querySelector('[role=treeitem][aria-level="2"]') as SVGElement;
      item.focus();
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }),
      );
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      return document.querySelector('g.boxes')!.getAnimations().length;
    });
  };
  it('accompanies a zoom, unless the user prefers reduced motion', async () => {
    expect(await zoomed('no-preference')).toBe(1);
    expect(await zoomed('reduce')).toBe(0);
  });
});

describe('details of frames', () => {
  it('are shown in the details if all frames of a name agree, and determine the colours by module', async () => {
    const table = new FrameList();
    const [main, read, other, fast] = [
      { label: 'main', module: '/usr/bin/app' },
      { label: 'read', module: '/lib/libc.so.6', file: 'read.c', line: 26 },
      { label: 'read', module: '/lib/libc.so.6', file: 'read.c', line: 31 },
      { label: 'fast', module: '/usr/bin/app', inlined: true as const },
    ].map((frame) => table.add(frame));
    const batch = new StackBatch({
      table,
      frames: Uint32Array.of(read!, main!, other!, main!, fast!, main!),
      bounds: Uint32Array.of(0, 2, 4, 6),
      weights: [Float64Array.of(5, 3, 2)],
      facts: {},
    });
    const page = await openText('known.svg', draw([batch]));
    const told = async (name: string): Promise<string | null> => {
      await page.locator('g.frame', { hasText: name }).locator('rect').first().hover();
      return page.textContent('.sf-details');
    };
    expect(await told('read')).toBe('8 samples, 80.00 % · libc.so.6, read.c:26–31 · Function: read');
    expect(await told('fast')).toBe('2 samples, 20.00 % · app, inlined · Function: fast');
    await toggle(page, 'Colour by module');
    expect(await page.textContent('.sf-foot')).toMatch(/libc\.so\.6 app other$/);
  });
});
