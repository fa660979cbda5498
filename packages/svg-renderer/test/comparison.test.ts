import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { renderFlameGraph, type BoxCounts } from '../src/index.ts';
import { addressOf, openText } from './open-picture.ts';
import { textOf, type Stack } from './stacks.ts';

const STACKS: Stack[] = [
  [['main', 'parse'], 60, 20],
  [['main', 'run'], 20, 60],
  [['main', 'gone'], 20, 0],
  [['new'], 0, 20],
];
const comparison = (stacks: readonly Stack[] = STACKS): Promise<Page> =>
  openText('comparison.svg', renderFlameGraph([textOf(stacks)], { minwidth: 0 }));
const rows = (page: Page): Promise<string[][]> =>
  page.$$eval('.sf-grid [aria-selected]', (lines) =>
    lines.map((line) => Array.from(line.querySelectorAll('td'), (cell) => cell.textContent)),
  );

describe('a comparison', () => {
  it('shows both weights and their difference in titles, details and the table, and both sums below the boxes', async () => {
    const page = await comparison();
    const run = page.locator('g.frame', { has: page.locator('title:text("run (")') });
    const figures = '60 samples, 60.00 %; before 20, 20.00 %; +40.00 points';
    expect(await run.locator('title').textContent()).toBe(`run (${figures})`);
    await run.locator('rect').hover();
    expect(await page.textContent('.sf-details')).toBe(`${figures} · Function: run`);
    expect(await page.textContent('.sf-foot')).toMatch(/^100 samples after, 100 before\. Width/);
    await page.getByRole('button', { name: 'Table' }).click();
    expect(await rows(page)).toEqual([
      ['0', '80', '80.00 %', '100', '−20.00', '0', '+0.00', 'main'],
      ['60', '60', '60.00 %', '20', '+40.00', '20', '+40.00', 'run'],
      ['20', '20', '20.00 %', '60', '−40.00', '60', '−40.00', 'parse'],
      ['20', '20', '20.00 %', '0', '+20.00', '0', '+20.00', 'new'],
      ['0', '0', '0.00 %', '20', '−20.00', '20', '−20.00', 'gone'],
    ]);
    await page.getByRole('button', { name: 'Bottom up' }).click();
    expect((await rows(page)).map((cells) => cells.join(' '))).toEqual([
      '60 60.00 % 20 +40.00 ▸ run',
      '20 20.00 % 60 −40.00 ▸ parse',
      '20 20.00 % 0 +20.00 new',
      '0 0.00 % 20 −20.00 ▸ gone',
    ]);
  });
  it('marks boxes as vanished or new, and draws both kinds if widths show both sides', async () => {
    const svg = renderFlameGraph([textOf(STACKS)], { widths: 'both' });
    expect(svg).toContain('<title>gone (0 samples, 0.00 %; before 20, 20.00 %; −20.00 points, vanished)');
    expect(svg).toContain('<title>new (20 samples, 20.00 %; before 0, 0.00 %; +20.00 points, new)');
    const page = await openText('both.svg', svg);
    expect(await page.locator('title:text("gone (")').count()).toBe(1);
    expect(await addressOf(page)).not.toContain('#');
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('button', { name: 'After', exact: true }).click();
    expect(await page.locator('title:text("gone (")').count()).toBe(0);
    expect(await addressOf(page)).toContain('#widths=after');
  });
  it('shows everything as new or vanished if one side has no samples', () => {
    expect(renderFlameGraph(['a 5 0\n'], { widths: 'both' })).toContain(
      '<title>a (0 samples, 0.00 %; before 5, 100.00 %; −100.00 points, vanished)',
    );
  });
  it('can compare shares, or weights divided by exposure, if the totals differ', () => {
    const [folded, width] = ['a 10 20\nb 30 60\nc 10 10\n', { widths: 'both' }] as const;
    const fillOf = (svg: string, name: string): string =>
      new RegExp(`<title>${name} .*?fill="(.*?)"`).exec(svg)![1]!;
    const totals = renderFlameGraph([folded], { ...width, compareBy: 'totals' });
    expect(totals).toContain('<title>c (10 samples, 11.11 %; before 10, 20.00 %; −8.89 points)');
    expect(fillOf(totals, 'a')).not.toBe(fillOf(totals, 'all'));
    const byTime = renderFlameGraph([folded], { ...width, compareBy: [1, 2] });
    expect(byTime).toContain('before 10, 20.00 %; +0.00 points of the total before)');
    expect(byTime).toContain(
      '<title>c (10 samples, 11.11 %; before 10, 20.00 %; −10.00 points of the total before)',
    );
    expect(fillOf(byTime, 'a')).toBe(fillOf(byTime, 'all'));
    expect(fillOf(byTime, 'c')).not.toBe(fillOf(byTime, 'all'));
  });
  it('shows intervals of tested differences, and stars in the table, until a filter changes the numbers', async () => {
    const page = await openText(
      'functions.svg',
      renderFlameGraph([textOf(STACKS)], {
        minwidth: 0,
        compareBy: 'totals',
        testBoxes: ({ after }) => Array.from(after, () => 1),
        testFunctions: (name) => ({ self: name === 'run', total: name !== 'new' }),
        reach: 1.96,
      }),
    );
    // Newcombe's interval for the difference between 20 in 100 and 60 in 100
    const change = '+40.00 [+26.77 … +51.25]';
    expect(await page.locator('title:text("run (")').textContent()).toContain(
      `; ${change} points, significant)`,
    );
    await page.getByRole('button', { name: 'Table' }).click();
    const run = (await rows(page)).find((cells) => cells.at(-1) === 'run')!;
    expect(run.slice(4)).toEqual([`${change} *`, '20', `${change} *`, 'run']);
    const added = (await rows(page)).find((cells) => cells.at(-1) === 'new')!;
    expect(added[4]).toMatch(/^\+20\.00 \[.*\]$/);
    expect(await page.textContent('.sf-panel .sf-sub')).toContain(
      'A star marks differences that are more than chance.',
    );
    await page.locator('.sf-grid tr', { has: page.locator('td[title="run"]') }).click();
    const [first] = await rows(page);
    expect(first!.join(' ')).not.toMatch(/[[*]/);
    expect(await page.textContent('.sf-panel .sf-sub')).not.toContain('A star');
  });
  it('draws boxes in grey if their difference is not significant, and says so until a filter changes the numbers', async () => {
    const counts: BoxCounts[] = [];
    const svg = renderFlameGraph([textOf(STACKS)], {
      minwidth: 0,
      testBoxes: (given) => {
        counts.push(given);
        return given.after.map((after, i) => (Math.abs(after - given.before[i]!) > 30 ? 1 : 0));
      },
    });
    const [{ before, after, totalBefore, totalAfter }] = counts as [BoxCounts];
    expect([totalBefore, totalAfter]).toEqual([100, 100]);
    // weights of main, gone, parse, run and new, then their self weights
    expect([...before]).toEqual([100, 20, 60, 20, 0, 0, 20, 60, 20, 0]);
    expect([...after]).toEqual([80, 0, 20, 60, 20, 0, 0, 20, 60, 20]);
    const page = await openText('tested.svg', svg);
    const box = (name: string): ReturnType<Page['locator']> =>
      page.locator('g.frame', { has: page.locator(`title:text("${name} (")`) });
    expect(await box('run').locator('title').textContent()).toMatch(/\+40\.00 points, significant\)$/);
    expect(await box('main').locator('title').textContent()).toMatch(/−20\.00 points, not significant\)$/);
    const fill = (name: string): Promise<string | null> => box(name).locator('rect').getAttribute('fill');
    expect(await fill('new')).toBe(await fill('all'));
    expect(await fill('run')).not.toBe(await fill('all'));
    expect(await page.textContent('.sf-foot')).toContain('not significant');
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('button', { name: 'Widest first' }).click();
    expect(await box('run').locator('title').textContent()).toMatch(/points, significant\)$/);
    await box('new').locator('rect').click();
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    expect(await box('run').locator('title').textContent()).toMatch(/points\)$/);
  });
  it('lists vanished functions in its table, and can sort the table by change, with the largest changes first', async () => {
    const page = await comparison();
    await page.getByRole('button', { name: 'Table' }).click();
    await page.locator('.sf-grid').getByRole('button', { name: 'Points', exact: true }).click();
    const shown = await rows(page);
    expect(
      shown
        .slice(0, 2)
        .map((cells) => cells.at(-1))
        .sort(),
    ).toEqual(['parse', 'run']);
    expect(shown.map((cells) => cells.at(-1))).toContain('gone');
  });
  it('shows the sums of its stacks in the table, with and without a filter', async () => {
    const stacks = fc
      .array(
        fc.tuple(
          fc.array(fc.constantFrom<string>('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
          fc.nat(500),
          fc.nat(500),
        ),
        { minLength: 1, maxLength: 15 },
      )
      .filter((all) => all.some(([, , after]) => after > 0));
    await fc.assert(
      fc.asyncProperty(stacks, async (stacks) => {
        const page = await comparison(stacks);
        const check = async (kept: readonly Stack[]): Promise<void> => {
          const sum = (column: 1 | 2, name?: string): number =>
            kept.reduce(
              (total, stack) =>
                name === undefined || stack[0].includes(name) ? total + stack[column]! : total,
              0,
            );
          for (const cells of await rows(page)) {
            const name = cells.at(-1)!;
            expect(cells.slice(1, 2)).toEqual([sum(2, name).toLocaleString('en-US')]);
            expect(cells[3]).toBe(sum(1, name).toLocaleString('en-US'));
            const shares = ([1, 2] as const).map((column) =>
              sum(column) > 0 ? (100 * sum(column, name)) / sum(column) : 0,
            );
            const change = shares[1]! - shares[0]!;
            const points = Math.abs(change).toFixed(2);
            // a decrease that rounds to zero has no minus sign
            expect(cells[4]).toBe(`${change < 0 && points !== '0.00' ? '−' : '+'}${points}`);
            const own = kept.filter(([frames]) => frames.at(-1) === name);
            const ownOf = (column: 1 | 2): string =>
              own.reduce((total, stack) => total + stack[column]!, 0).toLocaleString('en-US');
            expect([cells[0], cells[5]]).toEqual([ownOf(2), ownOf(1)]);
          }
        };
        await page.getByRole('button', { name: 'Table' }).click();
        await check(stacks);
        const first = (await rows(page))[0]!.at(-1)!;
        // a box whose 'after' weight is zero is not drawn, so a filter cannot keep it
        fc.pre(stacks.every(([, , after]) => after! > 0));
        await page.locator('.sf-grid tr', { has: page.locator(`td[title="${first}"]`) }).click();
        await check(
          stacks
            .filter(([frames]) => frames.includes(first))
            .map(([frames, before, after]): Stack => [frames, before!, after!]),
        );
        await page.context().close();
      }),
      share(0.06),
    );
  });
});
