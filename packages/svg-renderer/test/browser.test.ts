import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderFlameGraph } from '../src/index.ts';
import { PALETTES } from '../src/picture/palette.ts';
import { addressOf, open, openText } from './open-picture.ts';

/** Returns the names of the boxes that have an element. */
const drawn = (page: Page): Promise<string[]> =>
  page.$$eval('g.frame title', (titles) => titles.map((title) => title.textContent.split(' (')[0]!).sort());

const clickBox = async (page: Page, title: string): Promise<void> => {
  await page
    .locator('g.frame', { has: page.locator(`title:text("${title} (")`) })
    .locator('rect')
    .first()
    .click();
};
const details = (page: Page): Promise<string | null> => page.textContent('.sf-details');
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

describe('with the mouse', () => {
  it('a click zooms in on a box, showing only the box, its callers and its callees, and Reset shows everything', async () => {
    const page = await open();
    const before = await drawn(page);
    await clickBox(page, 'run');
    expect(await drawn(page)).toEqual(['all', 'main', 'parse', 'read', 'run', 'work']);
    const widths = await page.$$eval('g.frame rect', (rects) =>
      rects.map((rect) => Number(rect.getAttribute('width'))),
    );
    expect(widths.filter((width) => width === 980).length).toBe(3);
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await drawn(page)).toEqual(before);
  });
  it('a click on a caller in the path zooms out to that caller', async () => {
    const page = await open();
    await clickBox(page, 'run');
    await page.locator('.sf-path').getByRole('button', { name: 'main' }).click();
    expect(await drawn(page)).toContain('scan');
    expect(await drawn(page)).not.toContain('other');
  });
  it('the details of the box under the pointer are its name, its count, and its shares of the total and of the zoomed part', async () => {
    const page = await open();
    await clickBox(page, 'run');
    await page
      .locator('g.frame', { has: page.locator('title:text("read (")') })
      .locator('rect')
      .hover();
    expect(await details(page)).toBe(
      '10 samples, 10.00 %, 22.22 % of the zoomed part; everywhere 30.00 % · Function: read',
    );

    expect(Number(await page.getAttribute('rect.hover', 'width'))).toBeCloseTo((980 * 10) / 45, 1);
  });
  it('Invert moves the root to the opposite side', async () => {
    const page = await open();
    const rootY = async (): Promise<number> =>
      Number(await page.locator('g.frame rect').first().getAttribute('y'));
    const bottom = await rootY();
    await page.getByRole('button', { name: 'Invert' }).click();
    expect(bottom).toBeGreaterThan(0);
    expect(await rootY()).toBe(0);
  });
});

describe('search', () => {
  it('marks and counts every matching box, but counts nested calls once in the share', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('parse|read');
    expect(await page.textContent('.sf-result')).toBe('4 · 60.00 %');
    expect(await page.locator('g.frame.found').count()).toBe(4);
  });
  it('marks exactly the matching boxes among those that are too narrow for an element, even after zooming', async () => {
    // 140 boxes of 7 px; a zoom to a quarter of the width leaves 35 boxes of 28 px
    const folded = Array.from({ length: 140 }, (_, i) => `q${Math.floor(i / 35)};f${i % 2}_${i} 1`).sort();
    const page = await openText('narrow-matches.svg', renderFlameGraph([`${folded.join('\n')}\n`]));
    const named = folded.map((stack) => stack.split(/[; ]/)[1]!);
    const marked = (): Promise<number[]> =>
      page.$$eval('path[fill="#e600e6"]', (paths) =>
        paths.flatMap((path) =>
          [...path.getAttribute('d')!.matchAll(/M(\d+) \d+h(\d+)/g)].map(([, x, width]) =>
            Math.floor((Number(x) + Number(width) / 2) / 700),
          ),
        ),
      );
    await page.getByRole('searchbox').fill('^f1');
    expect(await marked()).toEqual(named.flatMap((name, i) => (name.startsWith('f1') ? [i] : [])));
    await page.getByRole('searchbox').fill('_99$');
    expect(await marked()).toEqual([named.indexOf('f1_99')]);
    await page.getByRole('searchbox').fill('');
    expect(await marked()).toEqual([]);
    await page.getByRole('searchbox').fill('^f1');
    await page.locator('g.frame', { hasText: 'q1' }).click();
    expect(await marked()).toEqual([]);
    const inZoom = named.filter((_, i) => folded[i]!.startsWith('q1;'));
    expect(await page.locator('g.frame.found').count()).toBe(
      inZoom.filter((name) => name.startsWith('f1')).length,
    );
  });
  it('does not replace the elements of boxes, and restores their colours afterwards', async () => {
    const page = await open();
    const looks = (): Promise<string[]> =>
      page.$$eval('g.frame', (frames) => frames.map((frame) => frame.outerHTML));
    const before = await looks();
    await page.$eval('g.frame', (frame) => frame.setAttribute('data-seen', ''));
    await page.getByRole('searchbox').fill('read');
    expect(await page.locator('g.frame.found rect').first().getAttribute('fill')).toBe('#e600e6');
    await page.getByRole('searchbox').fill('');
    expect(await page.locator('g.frame[data-seen]').count()).toBe(1);
    await page.$eval('g.frame', (frame) => frame.removeAttribute('data-seen'));
    expect(await looks()).toEqual(before);
  });
  it('reports when nothing matches, even if only the case differs, and when an expression is invalid', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('READ');
    await page.getByRole('button', { name: 'Match case' }).click();
    expect(await page.textContent('.sf-result')).toBe('No match');
    await page.getByRole('searchbox').fill('(');
    expect(await page.textContent('.sf-result')).toBe('Not a regular expression');
  });
  it.each([
    ['{{closure}}', '1 · 10.00 %'],
    ['foo\\-bar', '1 · 20.00 %'],
    ['a{', '1 · 30.00 %'],
  ])('interprets the expression %s as flamegraph.pl does', async (expression, result) => {
    const page = await openText(
      'names.svg',
      renderFlameGraph(['{{closure}} 10\nfoo-bar 20\na{b 30\nx 40\n']),
    );
    await page.getByRole('searchbox').fill(expression);
    expect(await page.textContent('.sf-result')).toBe(result);
  });
  it('never freezes the window, whatever expression a link contains', async () => {
    const name = `${'a'.repeat(5000)}!`;
    const page = await openText('long.svg', renderFlameGraph([`main;${name} 3\nmain;b 1\n`]));
    const link = await addressOf(page);
    for (const [expression, result] of [
      ['(a+)+$', 'No match'],
      ['(a+)+!$', '1 · 75.00 %'],
      ['(?=(a+)+b)a*c', 'This search takes too long: use a simpler expression'],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(`${link}#search=${encodeURIComponent(expression)}`);
      expect(await page.textContent('.sf-result')).toBe(result);
    }
  });
  it("opens with Ctrl-F, and pressing the keys again opens the browser's own search", async () => {
    const page = await open();
    await page.evaluate(() => {
      window.addEventListener('keydown', (event) => {
        document.documentElement.setAttribute('data-taken', String(event.defaultPrevented));
      });
    });
    await page.keyboard.press('Tab');
    const taken = (): Promise<string | null> => page.getAttribute('svg.stapflame', 'data-taken');
    await page.getByRole('button', { name: 'Invert' }).focus();
    await page.keyboard.press('Control+f');
    expect(await taken()).toBe('true');
    expect(await focused(page)).toBe('Search names by regular expression');
    await page.keyboard.press('Control+f');
    expect(await taken()).toBe('false');
  });
});

describe('with the keyboard', () => {
  it('arrow keys move through the tree, Enter zooms, Escape shows everything', async () => {
    const page = await open();
    await page.locator('[role=treeitem][tabindex="0"]').focus();
    const steps: (string | null)[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      await page.keyboard.press(key);
      steps.push((await focused(page))!.split(' ')[0]!);
    }
    expect(steps).toEqual(['main', 'parse', 'run', 'work', 'run']);
    await page.keyboard.press('Enter');
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    await page.keyboard.press('Escape');
    expect(await page.textContent('.sf-path')).toBe('all');
  });
  it('boxes have names, levels and positions in the accessibility tree', async () => {
    const page = await open();
    await page.locator('[role=treeitem][tabindex="0"]').focus();
    await page.keyboard.press('ArrowUp');
    const tree = page.getByRole('tree');
    expect(await tree.getByRole('treeitem', { name: 'parse (50 samples, 50.00 %)' }).count()).toBe(1);
    expect(
      await page.evaluate(() =>
        ['aria-level', 'aria-posinset', 'aria-setsize'].map((name) =>
          document.activeElement?.getAttribute(name),
        ),
      ),
    ).toEqual(['2', '1', '2']);
  });
});

describe('names that change the direction of text', () => {
  const name = 'safe\u202e)% 00.99 ,selpmas 99( \u2066\u061c';
  const written = 'safe\\u202e)% 00.99 ,selpmas 99( \\u2066\\u061c';
  const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

  it('are shown escaped, but are unchanged in the data and in copied text', async () => {
    const options = { title: name, subtitle: name, nametype: name, countname: name, notes: name };
    const svg = renderFlameGraph([`main;${name} 3\nmain;b 1\n`], options);
    const page = await openText('direction.svg', svg, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page
      .locator('g.frame', { has: page.locator('title:text("safe")') })
      .locator('rect')
      .last()
      .click();
    await page.getByRole('searchbox').fill('\\u202e');
    expect(await page.textContent('.sf-result')).toBe('1 · 100.00 % of the zoomed part');
    expect(await page.textContent('.sf-path')).toBe(`allmain${written}`);
    expect(await details(page)).toBe(
      `3 ${written}, 75.00 %, 100.00 % of the zoomed part · ${written} ${written}`,
    );
    const texts = await page.evaluate(() => [
      ...Array.from(document.querySelectorAll('text, title, desc, .sf-top *'), (each) => each.textContent),
      ...Array.from(document.querySelectorAll('[aria-label]'), (each) => each.getAttribute('aria-label')!),
    ]);
    expect(texts.filter((text) => DIRECTION.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes(written)).length).toBeGreaterThan(8);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.waitForFunction(() => document.querySelector('.sf-details')?.textContent.startsWith('Copied'));
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`main;${name}`);
  });
  it('do not reorder the numbers next to them if their letters are written from right to left', async () => {
    const page = await openText('hebrew.svg', renderFlameGraph(['main;שלום 30\nmain;b 10\n']));
    await page
      .locator('g.frame', { has: page.locator('title:text("שלום")') })
      .locator('rect')
      .last()
      .hover();
    // left edges of the parts, in reading order
    const edges = await page.$eval('.sf-details', (element) => {
      const text = element.firstChild!;
      const range = document.createRange();
      return ['30', 'samples', '75.00', 'Function', 'שלום'].map((part) => {
        const at = text.textContent!.indexOf(part);
        range.setStart(text, at);
        range.setEnd(text, at + part.length);
        return range.getBoundingClientRect().left;
      });
    });
    expect(edges).toEqual(edges.toSorted((a, b) => a - b));
  });
});

describe('the address', () => {
  it('contains the state, so that a link restores it and Back and Forward work', async () => {
    const page = await open();
    await clickBox(page, 'run');
    await page.getByRole('searchbox').fill('read');
    await page.getByRole('button', { name: 'Invert' }).click();
    const link = await addressOf(page);
    await page.goto('about:blank');
    await page.goto(link);
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    expect(await page.textContent('.sf-result')).toBe('2 · 22.22 % of the zoomed part');
    expect(await page.getByRole('button', { name: 'Invert' }).getAttribute('aria-pressed')).toBe('true');
    await clickBox(page, 'read');
    expect(await page.textContent('.sf-path')).toBe('allmainrunparseread');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('.sf-path')?.textContent === 'allmainrun');
    await page.goForward();
    await page.waitForFunction(() => document.querySelector('.sf-path')?.textContent.endsWith('read'));
  });
});

describe('a picture for all readers', () => {
  it.each(['light', 'dark'] as const)(
    'has no accessibility problems that axe can find, in %s mode',
    async (colorScheme) => {
      const page = await open({ subtitle: 'a subtitle' }, { colorScheme });
      await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run: (root: Element) => Promise<{ violations: { id: string; impact: string }[] }> };
        };
        const { violations } = await axe.run(document.documentElement);
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id }) => id);
      });
      expect(found).toEqual([]);
    },
  );
  it("is light or dark, depending on the user's system", async () => {
    const paper = (page: Page): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await paper(await open({}, { colorScheme: 'light' }))).toBe('rgb(255, 255, 255)');
    expect(await paper(await open({}, { colorScheme: 'dark' }))).toBe('rgb(21, 23, 27)');
  });
  it('fits a phone: the page is at most 400 px wide, and labels stay in their boxes', async () => {
    const page = await open({}, { viewport: { width: 400, height: 800 } });
    const over = await page.$$eval('g.frame', (groups) =>
      groups.filter((group) => {
        const text = group.querySelector('text')?.getBoundingClientRect();
        const rect = group.querySelector('rect')!.getBoundingClientRect();
        return rect.right > 400 || (text !== undefined && text.right > rect.right);
      }),
    );
    expect(over).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  });
  it('highlights all boxes with the same name as the box under the pointer', async () => {
    const page = await open();
    await page
      .locator('g.frame', { has: page.locator('title:text("parse (")') })
      .locator('rect')
      .first()
      .hover();
    expect(await details(page)).toBe('50 samples, 50.00 %; everywhere 60.00 % · Function: parse');
    const lit = (await page.getAttribute('path.same', 'd'))!;
    const boxes = page.locator('g.frame', { has: page.locator('title:text("parse (")') }).locator('rect');
    for (const box of await boxes.all())
      expect(lit).toContain(`M${await box.getAttribute('x')} ${await box.getAttribute('y')}h`);
    expect(lit.split('M').length - 1).toBe(2);
    await page.mouse.move(1, 1);
    expect(await page.getAttribute('path.same', 'd')).toBe('');
  });
  it('copies the stack of the selected function', async () => {
    const page = await open({}, { permissions: ['clipboard-read', 'clipboard-write'] });
    await clickBox(page, 'work');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.waitForFunction(
      () => document.querySelector('.sf-details')?.textContent === 'Copied: main;run;work_[k]',
    );
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('main;run;work_[k]');
  });
  it('is printed on white and without controls, even in dark mode', async () => {
    const page = await open({}, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    const style = (selector: string, property: 'backgroundColor' | 'color' | 'display'): Promise<string> =>
      page.$eval(selector, (element, property) => getComputedStyle(element)[property], property);
    expect(await style('svg.stapflame', 'backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await style('.sf-heading', 'color')).toBe('rgb(0, 0, 0)');
    expect(await style('.sf-bar', 'display')).toBe('none');
    expect(await page.locator('g.frame rect').first().isVisible()).toBe(true);
  });
  it('is not animated for a reader who prefers reduced motion', async () => {
    const page = await open({}, { reducedMotion: 'reduce' });
    await clickBox(page, 'run');
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const moving = await page.$$eval('*', (elements) =>
      elements.filter((element) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
        return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior === 'smooth';
      }),
    );
    expect(moving).toEqual([]);
  });
  it("keeps labels within their boxes, however wide the font's letters are", async () => {
    const wide = Array.from({ length: 8 }, (_, i) => `main;${'WWWW@@@@MMMM'.repeat(i + 1)}${i} ${10 + i}\n`);
    const page = await openText('wide.svg', renderFlameGraph([wide.join('')], { fonttype: 'DejaVu Sans' }));
    const frames = await page.$$eval('g.frame', (groups) =>
      groups.map((group) => {
        const clip = group.querySelector('svg');
        return {
          labelled: group.querySelector('text') !== null,
          clips: clip === null ? 'none' : getComputedStyle(clip).overflow,
          clip: clip?.getAttribute('width'),
          rect: group.querySelector('rect')!.getAttribute('width'),
        };
      }),
    );
    expect(frames.length).toBe(10);
    for (const { labelled, clips, clip, rect } of frames) {
      expect(labelled).toBe(true);
      expect(clips).toBe('hidden');
      expect(clip).toBe(rect);
    }
  });
  it('opens with its root in view and keeps its controls in view, even if it is taller than the window', async () => {
    const deep = `${Array.from({ length: 120 }, (_, i) => `f${i}`).join(';')} 5\n`;
    const page = await openText('deep.svg', renderFlameGraph([deep]));
    const inSight = (selector: string): Promise<boolean> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= window.innerHeight;
        });
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(1000);
    expect(await inSight('g.frame rect')).toBe(true);
    await page.waitForFunction(() => document.querySelector('.sf-heading')!.getBoundingClientRect().top >= 0);
    expect(await inSight('.sf-bar')).toBe(true);
    await page.getByRole('button', { name: 'Invert' }).click();
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    expect(await inSight('g.frame rect')).toBe(true);
  });
  it('can be read without JavaScript', async () => {
    const page = await open({ subtitle: 'still' }, { javaScriptEnabled: false });
    expect(await page.locator('g.static .title').isVisible()).toBe(true);
    expect(await page.locator('g.frame text').count()).toBe(10);
  });
});

it.each(PALETTES)('black labels are legible on every shade of the palette %s', (colors) => {
  const names = Array.from({ length: 300 }, (_, i) => `n${i} ${i % 3 ? '_[k]' : '::'}`);
  const svg = renderFlameGraph([names.map((name) => `${name} 1\n`).join('')], { colors, width: 5000 });
  const shades = new Set(Array.from(svg.matchAll(/rx="2" fill="#(\w{6})"/g), ([, shade]) => shade!));
  for (const shade of shades) {
    const [r, g, b] = [0, 2, 4].map((at) => {
      const channel = Number.parseInt(shade.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    // #16181c has a relative luminance of 0.009
    expect((0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) / 0.059).toBeGreaterThan(4.5);
  }
});
