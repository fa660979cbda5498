import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderFlameGraph } from '../src/index.ts';
import { open, openText } from './open-picture.ts';

const DEEP = `${Array.from({ length: 120 }, (_, i) => `f${i}`).join(';')} 5\n`;
const details = (page: Page): Promise<string | null> => page.textContent('.sf-details');
const edges = (page: Page, selector: string): Promise<{ top: number; bottom: number; right: number }> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { top, bottom, right } = element.getBoundingClientRect();
      return { top, bottom, right };
    });

describe('the details', () => {
  it('start with the numbers, so that a long name cannot push them out of view', async () => {
    const name = `std::vector<${'std::pair<int, '.repeat(40)}int${'>'.repeat(40)}>`;
    const page = await openText('long.svg', renderFlameGraph([`main;${name} 30\nmain;b 10\n`]));
    await page.locator('g.frame', { hasText: 'std' }).locator('rect').last().hover();
    expect(await details(page)).toBe(`30 samples, 75.00 % · Function: ${name}`);
    expect(await page.getAttribute('.sf-details', 'title')).toBe(await details(page));
  });
  it('are shown, together with a title, for boxes that are too narrow for an element', async () => {
    const page = await openText('narrow.svg', renderFlameGraph(['a;wide 996\nb;tiny 3\nc;dust 1\n']));
    expect(await page.locator('g.frame', { hasText: 'tiny' }).count()).toBe(0);
    const at = async (share: number): Promise<(string | null)[]> => {
      const { top, bottom } = await edges(page, 'g.frame rect');
      // the row two levels above the root
      await page.mouse.move(10 + 980 * share, (top + bottom) / 2 - 34);
      return [await details(page), await page.textContent('g.boxes > title')];
    };
    expect(await at(0.9975)).toEqual(['3 samples, 0.30 % · Function: tiny', 'tiny (3 samples, 0.30 %)']);
    expect(await at(0.9996)).toEqual(['1 sample, 0.10 % · Function: dust', 'dust (1 sample, 0.10 %)']);
    expect(await at(0.5)).toEqual(['996 samples, 99.60 % · Function: wide', '']);
  });
});

describe('on paper', () => {
  const print = (page: Page, event: 'beforeprint' | 'afterprint'): Promise<void> =>
    page.evaluate((type) => void window.dispatchEvent(new Event(type)), event);
  it('the picture fits the sheet and has a heading, but no controls or hints', async () => {
    const page = await openText('deep.svg', renderFlameGraph([DEEP]), {
      viewport: { width: 1600, height: 700 },
    });
    const before = await edges(page, 'g.frame rect');
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(1000);
    await page.emulateMedia({ media: 'print' });
    await print(page, 'beforeprint');
    await page.setViewportSize({ width: 718, height: 1000 });
    expect(
      await page.$$eval(
        'g.frame rect',
        (rects) => rects.filter((rect) => rect.getBoundingClientRect().right > 718).length,
      ),
    ).toBe(0);
    const boxes = await page.$$eval('g.frame rect', (rects) =>
      Math.min(...rects.map((rect) => rect.getBoundingClientRect().top)),
    );
    expect((await edges(page, '.sf-heading')).bottom).toBeLessThanOrEqual(boxes);
    for (const part of ['.sf-bar', '.sf-path', '.sf-details'])
      expect(await page.locator(part).isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1600, height: 700 });
    await print(page, 'afterprint');
    expect(await page.getAttribute('svg.stapflame', 'viewBox')).toBe(null);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    expect(await edges(page, 'g.frame rect')).toEqual(before);
  });
  it('the filters are listed', async () => {
    const page = await open();
    await page.locator('g.frame', { hasText: 'other' }).locator('rect').click();
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.sf-chips button').isVisible()).toBe(true);
  });
});

describe('the visible part', () => {
  it('of a window of 320 × 256 px includes the search field and the root, and all controls can be reached', async () => {
    const page = await openText('deep.svg', renderFlameGraph([DEEP], { subtitle: 'of a small window' }), {
      viewport: { width: 320, height: 256 },
    });
    const inWindow = async (selector: string): Promise<boolean> => {
      const { top, bottom } = await edges(page, selector);
      return top >= 0 && bottom <= 256;
    };
    await page.waitForFunction(
      () => document.querySelector('.sf-search')!.getBoundingClientRect().bottom < 256,
    );
    expect(await inWindow('.sf-search')).toBe(true);
    expect(await inWindow('g.frame rect')).toBe(true);
    await page.getByRole('button', { name: 'Invert' }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
  it('never starts with part of a row below the heading, however far the page is scrolled', async () => {
    const page = await openText('deep.svg', renderFlameGraph([DEEP]));
    for (const scrolled of [1, 500, 517, 530, 1003]) {
      await page.evaluate((y) => window.scrollTo(0, y), scrolled);
      await page.waitForFunction(() => {
        const head = document.querySelector('.sf-top')!.getBoundingClientRect();
        const row = document.querySelector('g.frame rect')!.getBoundingClientRect();
        const shift = Math.abs(head.bottom - row.top) % 17;
        return head.top <= 0 && head.bottom > 0 && Math.min(shift, 17 - shift) < 1;
      });
    }
  });
  it('has an outline under the pointer that does not cover the colours', async () => {
    const page = await open();
    expect(await page.$eval('rect.hover', (rect) => getComputedStyle(rect).fill)).toBe('none');
  });
  it.each(['light', 'dark'] as const)(
    'has the same background behind the boxes and the controls in forced colours (%s)',
    async (colorScheme) => {
      const page = await open({}, { forcedColors: 'active', colorScheme });
      const papers = await page.evaluate(() =>
        ['.stapflame', '.sf-top'].map(
          (each) => getComputedStyle(document.querySelector(each)!).backgroundColor,
        ),
      );
      expect(papers[0]).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)');
      expect(papers[1]).toBe(papers[0]);
    },
  );
  it.each(['#e600e6', '#1b1b8f', '#ffd400'])(
    'has legible labels on the match colour %s',
    async (searchcolor) => {
      const page = await open({ searchcolor });
      await page.getByRole('searchbox').fill('read');
      const ink = await page.$eval('g.found text', (label) => getComputedStyle(label).fill);
      const luminance = (channels: readonly number[]): number =>
        channels
          .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
          .reduce((sum, channel, i) => sum + channel * [0.2126, 0.7152, 0.0722][i]!, 0);
      const [light, dark] = [
        luminance([1, 3, 5].map((at) => Number.parseInt(searchcolor.slice(at, at + 2), 16) / 255)),
        luminance(ink.match(/\d+/g)!.map((channel) => Number(channel) / 255)),
      ].toSorted((a, b) => b - a) as [number, number];
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
    },
  );
});

describe('Tab', () => {
  it('stops at each control and once among the boxes, but nowhere else', async () => {
    const page = await open();
    const stops: string[] = [];
    while (stops.filter((stop) => stop === 'treeitem').length < 2 && stops.length < 30) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(() => {
          const { activeElement } = document;
          return activeElement?.getAttribute('role') ?? activeElement?.tagName.toLowerCase() ?? 'none';
        }),
      );
    }
    const round = stops.slice(0, -1);
    expect(round.filter((stop) => stop === 'input').length).toBe(1);
    // match case, two steps, Invert, Copy, Table, View, help and the path; the other buttons are disabled
    expect(round.filter((stop) => stop === 'button').length).toBe(9);
    expect(round.filter((stop) => !['treeitem', 'button', 'input', 'none', 'svg'].includes(stop))).toEqual(
      [],
    );
  });
});

it('a stack with 5,000 frames has a short path and few elements for screen readers when its leaf is zoomed', async () => {
  const stack = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';');
  const page = await openText('deepest.svg', renderFlameGraph([`${stack} 5\n`]));
  await page.getByRole('searchbox').fill('^f4999$');
  await page.keyboard.press('Enter');
  await page.locator('[aria-selected=true]').focus();
  await page.keyboard.press('Enter');
  expect(await page.textContent('.sf-path')).toBe(
    `allf0› … 4,989 more …${Array.from({ length: 10 }, (_, i) => `f${4990 + i}`).join('')}`,
  );
  expect(await page.locator('[role=treeitem]').count()).toBeLessThan(50);
});
