import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { FOLDED, open, openText } from './open-picture.ts';
import { textOf, type Stack } from './stacks.ts';

const toggle = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Table', exact: true }).click();
const view = (page: Page, name: string): Promise<void> =>
  page.locator('.sf-panel').getByRole('button', { name, exact: true }).click();
/** Returns the cells of the visible rows. */
const rows = (page: Page): Promise<string[][]> =>
  page.$$eval('.sf-grid [aria-selected]', (lines) =>
    lines.map((line) => Array.from(line.querySelectorAll('td'), (cell) => cell.textContent)),
  );
const row = (page: Page, name: string): ReturnType<Page['locator']> =>
  page.locator('.sf-grid tr', { has: page.locator(`td:last-child[title="${name}"]`) });

async function openPanel(stacks: readonly Stack[], options: RendererOptions = {}): Promise<Page> {
  const page = await openText('panel.svg', renderFlameGraph([textOf(stacks)], options));
  await toggle(page);
  return page;
}

/** Sums the weights of stacks by key. Each stack counts for all keys that `keysOf` returns. */
function sum(
  stacks: readonly Stack[],
  keysOf: (frames: readonly string[]) => readonly string[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [frames, weight] of stacks)
    for (const key of new Set(keysOf(frames))) sums.set(key, (sums.get(key) ?? 0) + weight!);
  return sums;
}

const stacks = fc.array(
  fc.tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 5 }),
    fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 999 })),
  ),
  { minLength: 1, maxLength: 25 },
);
const numberIn = (text: string): number => Number(text.replace(/[≥≈, ]/g, ''));
const about = share(0.04);

describe('the table of functions', () => {
  it('shows the true self, total and share of each function, even if boxes are not drawn', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.constantFrom(0, '2%', '20%'), async (stacks, minwidth) => {
        const page = await openPanel(stacks, { minwidth });
        const selfs = sum(stacks, (frames) => [frames.at(-1)!]);
        const totals = sum(stacks, (frames) => frames);
        const all = stacks.reduce((total, [, weight]) => total + weight, 0);
        const shown = await rows(page);
        expect(
          new Map(shown.map(([self, total, share, name]) => [name, [self, total, share!.split(' (')[0]]])),
        ).toEqual(
          new Map(
            [...totals].map(([name, total]) => [
              name,
              [
                (selfs.get(name) ?? 0).toLocaleString('en-US'),
                total.toLocaleString('en-US'),
                `${((100 * total) / all).toFixed(2)} %`,
              ],
            ]),
          ),
        );
        const order = shown.map(([, total]) => numberIn(total!));
        expect(order).toEqual(order.toSorted((a, b) => b - a));
        await page.context().close();
      }),
      about,
    );
  });
  it('can be sorted by each of its columns', async () => {
    const page = await openPanel([
      [['main', 'z'], 5],
      [['main', 'b'], 7],
      [['main'], 6],
    ]);
    const names = async (): Promise<string[]> => (await rows(page)).map((cells) => cells.at(-1)!);
    expect(await names()).toEqual(['main', 'b', 'z']);
    for (const [column, order] of [
      ['Self', ['b', 'main', 'z']],
      ['Function', ['b', 'main', 'z']],
      ['Total', ['main', 'b', 'z']],
    ] as const) {
      await page.locator('.sf-grid').getByRole('button', { name: column, exact: true }).click();
      expect(await names()).toEqual(order);
      expect(await page.locator('.sf-grid th[aria-sort$=ending]').textContent()).toBe(column);
    }
  });
  it('shows intervals only for shares of samples', async () => {
    const page = await openPanel([
      [['a'], 10],
      [['b'], 90],
    ]);
    // the Wilson interval of 10 in 100
    expect((await rows(page)).at(-1)![2]).toBe('10.00 % (5.5–17.4)');
    const times = await openPanel([[['a'], 10]], { countname: 'us' });
    expect((await rows(times))[0]![2]).toBe('100.00 %');
  });
  it('shows only functions that match the search and that the filters keep', async () => {
    const page = await open();
    await toggle(page);
    await page.getByRole('searchbox').fill('^re');
    expect(await rows(page)).toEqual([['30', '30', '30.00 % (21.9–39.6)', 'read']]);
    await page.getByRole('searchbox').fill('');
    await row(page, 'run').click();
    expect(await page.locator('.sf-chips button').allTextContents()).toEqual(['Only: run ×']);
    expect((await rows(page)).map(([self, total, , name]) => `${name} ${self} ${total}`)).toEqual([
      'main 0 45',
      'run 0 45',
      'work 35 35',
      'parse 0 10',
      'read 10 10',
    ]);
    await row(page, 'read').click();
    expect(await page.locator('.sf-chips button').allTextContents()).toEqual(['Only: read ×']);
  });
  it('has elements only for visible rows, and one row for all functions whose sums are not in the file', async () => {
    const many = Array.from({ length: 6000 }, (_, i): Stack => [[`f${i}`], 1_000_000 - i]);
    const page = await openPanel(many);
    expect(await page.locator('.sf-grid tr').count()).toBeLessThan(40);
    expect(await page.getAttribute('.sf-grid', 'aria-rowcount')).toBe('4002');
    await page.locator('.sf-grid').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() =>
      document.querySelector('.sf-grid [aria-selected=true]')?.textContent.includes('others'),
    );
    const rest = many.slice(4000).reduce((total, [, weight]) => total + weight!, 0);
    expect((await rows(page)).at(-1)).toEqual([rest.toLocaleString('en-US'), '', '', '2,000 others']);
  });
});

describe('callers and callees', () => {
  it('have their true weights if all boxes are drawn, and lower bounds otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, fc.constantFrom(0, '5%'), async (stacks, minwidth) => {
        const page = await openPanel(stacks, { minwidth });
        // there are at most four roots, so the widest root is always drawn
        const [name] = [...sum(stacks, (frames) => [frames[0]!])].reduce((most, each) =>
          each[1] > most[1] ? each : most,
        );
        await row(page, name).click();
        await view(page, 'Callers and callees');
        const shown = await rows(page);
        const callees = shown.findIndex(([, , text]) => text!.includes('Callees of'));
        for (const [step, part] of [
          [-1, shown.slice(1, callees)],
          [1, shown.slice(callees + 1)],
        ] as const) {
          const expected = sum(stacks, (frames) => {
            const next = frames[frames.indexOf(name) + step];
            return frames.includes(name) && next !== undefined ? [next] : [];
          });
          const told = new Map(part.map(([weight, , text]) => [text!.replace(/^[▸▾] /, ''), weight!]));
          if (minwidth === 0) {
            expect(told).toEqual(
              new Map([...expected].map(([key, value]) => [key, value.toLocaleString('en-US')])),
            );
          } else {
            for (const [key, weight] of told) {
              expect(numberIn(weight)).toBeLessThanOrEqual(expected.get(key)!);
              if (numberIn(weight) < expected.get(key)!) expect(weight).toMatch(/^≥/);
            }
          }
        }
        await page.context().close();
      }),
      about,
    );
  });
});

describe('bottom up', () => {
  it('shows the true self weights of leaves, and the weights of their callers', async () => {
    await fc.assert(
      fc.asyncProperty(stacks, async (stacks) => {
        const page = await openPanel(stacks, { minwidth: 0 });
        await view(page, 'Bottom up');
        const ends = sum(stacks, (frames) => [frames.at(-1)!]);
        const text = (sums: Map<string, number>): string[] =>
          [...sums].map(([name, weight]) => `${name} ${weight.toLocaleString('en-US')}`).sort();
        const told = async (level: number): Promise<string[]> =>
          (
            await page.$$eval(`.sf-grid [aria-level="${level}"]`, (lines) =>
              lines.map((line) => {
                const cells = Array.from(line.querySelectorAll('td'), (cell) => cell.textContent);
                return `${cells[2]!.replace(/^[▸▾] /, '')} ${cells[0]}`;
              }),
            )
          ).sort();
        expect(await told(1)).toEqual(text(ends));
        const leaf = (await rows(page))[0]![2]!.replace(/^[▸▾] /, '');
        await page.locator('.sf-grid').focus();
        await page.keyboard.press('ArrowRight');
        expect(await told(2)).toEqual(
          text(sum(stacks, (frames) => (frames.at(-1) === leaf ? frames.slice(-2, -1) : []))),
        );
        await page.context().close();
      }),
      about,
    );
  });
});

describe('the panel', () => {
  it('is closed at first, and can be opened, used and left with the keyboard', async () => {
    const page = await open();
    expect(await page.locator('.sf-panel').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Table' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'Table' }).getAttribute('aria-expanded')).toBe('true');
    await page.locator('.sf-grid').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
    const active = await page.getAttribute('.sf-grid', 'aria-activedescendant');
    expect(await page.textContent(`#${active} td:last-child`)).toBe('parse');
    await page.keyboard.press('Enter');
    expect(await page.locator('.sf-chips button').allTextContents()).toEqual(['Only: parse ×']);
    const isInside = (): Promise<boolean> =>
      page.evaluate(() => document.activeElement?.closest('.sf-panel') !== null);
    // Tab moves through the column heads, then out of the panel
    for (let stop = 0; stop < 6 && (await isInside()); stop++) await page.keyboard.press('Tab');
    expect(await isInside()).toBe(false);
  });
  it('marks numbers as bounds after a filter, because the filter cannot see undrawn boxes', async () => {
    const page = await openPanel([
      [['c', 'd', 'a'], 100_000],
      [['d', 'a'], 400_000],
      [['b', 'c', 'd'], 1],
    ]);
    await row(page, 'd').click();
    await view(page, 'Callers and callees');
    expect((await rows(page))[1]).toEqual(['≥ 100,000', '≥ 20.00 %', 'c']);
  });
  it('shows the callers and callees of the selected function, even if the function has no box', async () => {
    const page = await openPanel([
      [['main', 'wide', 'leaf'], 900_000],
      [['main', 'tiny'], 1],
      [['tiny'], 9],
    ]);
    await view(page, 'Callers and callees');
    expect(await page.textContent('.sf-panel .sf-sub')).toMatch(/^Select a function to see its callers/);
    expect(await page.textContent('.sf-panel .sf-sub')).toMatch(
      /Numbers are lower bounds because 0\.00 % of/,
    );
    await page.locator('g.frame', { hasText: 'wide' }).locator('rect').click();
    const texts = async (): Promise<string[]> => (await rows(page)).map((cells) => cells.at(-1)!);
    expect(await texts()).toEqual(['▾ Callers of wide', 'main', '▾ Callees of wide', 'leaf']);
    await view(page, 'Functions');
    await row(page, 'tiny').click();
    await view(page, 'Callers and callees');
    expect(await texts()).toEqual(['Callers of tiny', 'Callees of tiny']);
    expect(await page.locator('.sf-chips button').textContent()).toBe(
      'Only: tiny (too narrow to be drawn) ×',
    );
  });
  it('applies the filters to its trees', async () => {
    const page = await open();
    await toggle(page);
    await view(page, 'Bottom up');
    await page.locator('g.frame', { hasText: 'other' }).locator('rect').click();
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    expect((await rows(page)).map((cells) => cells.at(-1))).toEqual(['▸ work', '▸ read', '▸ scan']);
  });
  it('is above the boxes and never covers them', async () => {
    const page = await open();
    await toggle(page);
    const { panel, boxes } = await page.evaluate(() => ({
      panel: document.querySelector('.sf-panel')!.getBoundingClientRect().bottom,
      boxes: Math.min(
        ...Array.from(document.querySelectorAll('g.frame'), (box) => box.getBoundingClientRect().top),
      ),
    }));
    expect(panel).toBeLessThanOrEqual(boxes);
  });
  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)(
    'has no accessibility problems that axe can find, in a search or in a tree, in these colours: %s',
    async (_, context) => {
      const page = await openText('axe.svg', renderFlameGraph([FOLDED]), context);
      await toggle(page);
      await page.getByRole('button', { name: 'View' }).click();
      await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
      const found = (): Promise<string[]> =>
        page.evaluate(async () => {
          const { axe } = window as unknown as {
            axe: { run: (root: Element) => Promise<{ violations: { id: string; impact: string }[] }> };
          };
          const { violations } = await axe.run(document.documentElement);
          return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id);
        });
      await page.getByRole('searchbox').fill('r');
      expect(await found()).toEqual([]);
      await page.getByRole('searchbox').fill('');
      await row(page, 'run').click();
      await view(page, 'Callers and callees');
      expect(await found()).toEqual([]);
    },
  );
});
