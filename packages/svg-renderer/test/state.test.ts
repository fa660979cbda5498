import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderFlameGraph } from '../src/index.ts';
import { addressOf, FOLDED, open, openText } from './open-picture.ts';

const frame = (page: Page, name: string): Locator =>
  page
    .locator('g.frame', { has: page.locator(`title:text("${name} (")`) })
    .locator('rect')
    .first();
const clickBox = (page: Page, name: string): Promise<void> => frame(page, name).click();
const drawn = (page: Page): Promise<string[]> =>
  page.$$eval('g.frame title', (titles) => titles.map((title) => title.textContent.split(' (')[0]!).sort());
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const chips = (page: Page): Promise<string[]> => page.locator('.sf-chips button').allTextContents();
const searched = (page: Page): Promise<string> =>
  page.getByRole('searchbox').evaluate((field: HTMLInputElement) => field.value);
const selected = (page: Page): Locator => page.locator('[role=treeitem][aria-selected=true]');

describe('stepping to the next match', () => {
  it('visits all matching boxes, including nested and narrow ones, without changing the count', async () => {
    const page = await openText(
      'matches.svg',
      renderFlameGraph(['a;a;a 50\nb;a 1\nb;c 2\nx 99947\n'], { minwidth: 0 }),
    );
    await page.getByRole('searchbox').fill('^a$');
    const visited: (string | null)[] = [];
    for (const place of [1, 2, 3, 4, 1]) {
      await page.keyboard.press('Enter');
      expect(await page.textContent('.sf-result')).toMatch(new RegExp(`^${place} of 4 · `));
      visited.push(
        `${await selected(page).getAttribute('aria-level')} ${await selected(page).getAttribute('aria-label')}`,
      );
      expect(Number(await selected(page).getAttribute('width'))).toBeGreaterThanOrEqual(3);
    }
    expect(visited).toEqual([
      '2 a (50 samples, 0.05 %)',
      '3 a (50 samples, 0.05 %)',
      '4 a (50 samples, 0.05 %)',
      '3 a (1 sample, 0.00 %)',
      '2 a (50 samples, 0.05 %)',
    ]);
    await page.keyboard.press('Shift+Enter');
    expect(await page.textContent('.sf-result')).toMatch(/^4 of 4/);
  });
  it('scrolls the match into view and outlines it, even if the search field has the focus', async () => {
    const stack = (name: string): string => Array.from({ length: 120 }, (_, i) => `${name}${i}`).join(';');
    const page = await openText('deep.svg', renderFlameGraph([`${stack('f')} 5\n${stack('g')} 5\n`]));
    for (const name of ['f40', 'f110', 'f50', 'f0']) {
      await page.getByRole('searchbox').fill(`^${name}$`);
      await page.keyboard.press('Enter');
      expect(await selected(page).getAttribute('aria-label')).toBe(`${name} (5 samples, 50.00 %)`);
      // wait, because the picture's head moves with the page, and the browser might scroll again to follow it
      for (let frame = 0; frame < 3; frame++) await page.evaluate(() => new Promise(requestAnimationFrame));
      await page.waitForFunction(() => {
        const { top, bottom } = document.querySelector('[aria-selected=true]')!.getBoundingClientRect();
        const head = document.querySelector('.sf-top')!.getBoundingClientRect();
        return top >= head.bottom && bottom <= window.innerHeight;
      });
      expect(await selected(page).evaluate((item) => getComputedStyle(item).stroke)).not.toBe('none');
    }
  });
});

describe('Escape', () => {
  it('in the search clears the field, the marks, the share and the address, and a second press leaves the field', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('read');
    expect(await addressOf(page)).toContain('search=read');
    await page.keyboard.press('Escape');
    expect(await searched(page)).toBe('');
    expect(await page.textContent('.sf-result')).toBe('');
    expect(await page.locator('.found').count()).toBe(0);
    expect(await addressOf(page)).not.toContain('search');
    expect(await page.getByRole('searchbox').evaluate((field) => field === document.activeElement)).toBe(
      true,
    );
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('treeitem');
  });
});

describe('the address', () => {
  it('returns to the state before Reset when Back is pressed', async () => {
    const page = await open();
    await clickBox(page, 'run');
    await page.getByRole('searchbox').fill('read');
    await button(page, 'Reset').click();
    expect(await page.textContent('.sf-path')).toBe('all');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('.sf-path')?.textContent === 'allmainrun');
    expect(await searched(page)).toBe('read');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('.sf-result')?.textContent === '');
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
  });
  it('of a zoomed box finds the same functions in another picture, or the picture says that they are missing', async () => {
    const first = await open();
    await clickBox(first, 'run');
    const fragment = new URL(await addressOf(first)).hash;
    const page = await openText('other.svg', renderFlameGraph([`aaa 7\n${FOLDED}main;run;zzz 40\n`]));
    const other = await addressOf(page);
    await page.goto(other + fragment);
    await page.waitForFunction(() => document.querySelector('.sf-path')?.textContent === 'allmainrun');
    const strange = await openText('strange.svg', renderFlameGraph(['main;b 1\nrun;c 2\n']));
    const address = await addressOf(strange);
    await strange.goto('about:blank');
    await strange.goto(address + fragment);
    expect(await strange.textContent('.sf-path')).toBe('all');
    expect(await strange.textContent('.sf-details')).toMatch(/^This link was made for another picture/);
  });
  it('distinguishes boxes with the same path, as in a flame chart', async () => {
    const page = await openText(
      'chart.svg',
      renderFlameGraph(['a;b 1\na;c 3\na;b 4\n'], { flamechart: true }),
    );
    const link = await addressOf(page);
    await page
      .locator('g.frame', { has: page.locator('title:text("b (4 samples")') })
      .locator('rect')
      .click();
    const zoomed = await addressOf(page);
    expect(zoomed).not.toBe(link);
    await page.goto('about:blank');
    await page.goto(zoomed);
    expect(await page.textContent('.sf-path')).toBe('allab');
    expect(await drawn(page)).toEqual(['a', 'all', 'b']);
    expect(await page.locator('g.frame title', { hasText: 'b (4 samples' }).count()).toBe(1);
  });
});

describe('filters', () => {
  it('need a selected function', async () => {
    const page = await open();
    for (const name of ['Hide', 'Focus']) expect(await button(page, name).isDisabled()).toBe(true);
    await clickBox(page, 'other');
    for (const name of ['Hide', 'Focus']) expect(await button(page, name).isDisabled()).toBe(false);
  });
  it('are listed as buttons that remove them, and the sums include only the visible boxes', async () => {
    const page = await open();
    await clickBox(page, 'other');
    await button(page, 'Hide').click();
    expect(await drawn(page)).not.toContain('other');
    expect(await chips(page)).toEqual(['Hidden: other ×']);
    expect(await page.textContent('.sf-foot')).toMatch(/^95 of 100 samples\. /);
    expect(await page.textContent('.sf-details')).toMatch(/^95 of 100 samples\. /);
    await clickBox(page, 'parse');
    await button(page, 'Focus').click();
    expect(await chips(page)).toEqual(['Hidden: other ×', 'Only: parse ×']);
    expect(await page.textContent('.sf-foot')).toMatch(/^60 of 100 samples\. /);
    await page.getByRole('button', { name: 'Hidden: other: remove this filter' }).click();
    expect(await chips(page)).toEqual(['Only: parse ×']);
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('.sf-chips button').length === 2);
  });
  it('can be created from a search, and a link contains them by name', async () => {
    const page = await open();
    await page.getByRole('searchbox').fill('^(?:scan|work)$');
    await button(page, 'Hide matches').click();
    expect(await chips(page)).toEqual(['Hidden: ^(?:scan|work)$ ×']);
    expect(await searched(page)).toBe('');
    expect(await drawn(page)).toEqual(['all', 'main', 'other', 'parse', 'parse', 'read', 'read', 'run']);
    await clickBox(page, 'other');
    await button(page, 'Hide').click();
    const { hash } = new URL(await addressOf(page));
    const other = await openText(
      'other.svg',
      renderFlameGraph(['aaa 3\nmain;scan 5\nrun;work 6\nother 1\n']),
    );
    await other.goto((await addressOf(other)) + hash);
    await other.waitForFunction(() => document.querySelectorAll('.sf-chips button').length === 2);
    expect(await drawn(other)).toEqual(['aaa', 'all']);
    const strange = await openText('strange.svg', renderFlameGraph(['aaa 3\n']));
    await strange.goto((await addressOf(strange)) + hash);
    await strange.waitForFunction(() => document.querySelectorAll('.sf-chips button').length === 2);
    expect(await chips(strange)).toEqual([
      'Hidden: ^(?:scan|work)$ (not in this picture) ×',
      'Hidden: other (not in this picture) ×',
    ]);
    expect(await drawn(strange)).toEqual(['aaa', 'all']);
  });
  it('that hide every stack are mentioned in the note, and can be removed', async () => {
    const page = await openText('one.svg', renderFlameGraph(['main;a 1\nmain;b 2\n']));
    await clickBox(page, 'main');
    await button(page, 'Hide').click();
    expect(await page.textContent('.sf-foot')).toBe('Every stack is hidden: remove a filter above.');
    await page.locator('.sf-chips button').click();
    expect(await drawn(page)).toEqual(['a', 'all', 'b', 'main']);
  });
  it('from a link are limited in number, so that they cannot freeze the window', async () => {
    const page = await open();
    await page.goto(`${await addressOf(page)}#${'hide-like=x&'.repeat(5000)}`);
    await page.waitForFunction(() => document.querySelectorAll('.sf-chips button').length === 32);
  });
});
