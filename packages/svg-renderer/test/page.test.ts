import { describe, expect, it } from 'vitest';
import { renderFlameGraph, tabbedPage, type RendererOptions } from '../src/index.ts';
import { addressOf, FOLDED, openText } from './open-picture.ts';

const html = (options: RendererOptions = {}): string =>
  renderFlameGraph([FOLDED], { ...options, container: 'html' });

describe('an HTML page', () => {
  it('contains the same picture as an SVG file', () => {
    const svg = renderFlameGraph([FOLDED]).replace(/^<\?xml[^>]*>\n/, '');
    expect(html().replaceAll('"container":"html"', '"container":"svg"')).toContain(svg);
  });
  it('fits the width of a phone, works under its policy, and restores the picture from a link', async () => {
    const page = await openText('page.html', html({ title: 'a <b> & c' }), {
      viewport: { width: 390, height: 700 },
      isMobile: true,
      hasTouch: true,
    });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    expect(await page.title()).toBe('a <b> & c');
    expect(await page.evaluate(() => window.innerWidth)).toBe(390);
    await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().tap();
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    const link = await addressOf(page);
    expect(link).toContain('#zoom=');
    await page.getByRole('button', { name: 'Table' }).tap();
    expect(await page.locator('.sf-grid [aria-selected]').count()).toBe(7);
    expect(messages).toEqual([]);
    await page.goto('about:blank');
    await page.goto(link);
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
  });
  it.each(['light', 'dark'] as const)('is %s and fills the window', async (colorScheme) => {
    const page = await openText('page.html', html(), { colorScheme });
    const { bottom, right } = await page.$eval('svg.stapflame', (root) => root.getBoundingClientRect());
    expect(bottom).toBeGreaterThanOrEqual(700);
    expect(right).toBe(1000);
  });
  it('also works under its policy with options that become style attributes', async () => {
    const page = await openText('page.html', html({ bgcolors: '#eeeeff' }));
    expect(await page.$eval('svg.stapflame', (root) => getComputedStyle(root).backgroundColor)).toBe(
      'rgb(238, 238, 255)',
    );
  });
});

describe('a page with tabs', () => {
  const pictures = [
    { name: 'on <CPU>', svg: renderFlameGraph([FOLDED]) },
    { name: 'off', svg: renderFlameGraph(['sleep 3\n'], { inverted: true }) },
  ];
  it('shows one picture at a time, works with mouse and keyboard, and obeys its own Content Security Policy', async () => {
    const page = await openText('tabs.html', [...tabbedPage('Two', pictures)].join(''), {
      viewport: { width: 1200, height: 600 },
    });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    const visible = (): Promise<string[]> =>
      page.$$eval('section', (all) =>
        all.filter((each) => each.offsetHeight > 0).map((each) => each.getAttribute('aria-label')!),
      );
    expect(await visible()).toEqual(['on <CPU>']);
    await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().click();
    expect(await page.locator('.sf-path').first().textContent()).toBe('allmainrun');
    await page.getByText('off', { exact: true }).click();
    expect(await visible()).toEqual(['off']);
    await page.waitForFunction(
      () => document.querySelectorAll('svg.stapflame')[1]!.getBoundingClientRect().width === 1200,
    );
    const box = page.locator('section').nth(1).locator('g.frame', { hasText: 'sleep' }).locator('rect');
    const heights = (): Promise<number[]> =>
      page.evaluate(() => [
        document.querySelectorAll('.sf-details')[1]!.getBoundingClientRect().bottom,
        document.querySelectorAll('section')[1]!.querySelector('g.frame')!.getBoundingClientRect().top,
      ]);
    await expect.poll(async () => (await heights()).toSorted((a, b) => a - b)).toEqual(await heights());
    expect((await heights())[0]).toBeGreaterThan(50);
    await box.click();
    expect(await page.locator('.sf-path').nth(1).textContent()).toBe('allsleep');
    await page.getByRole('radio', { name: 'off' }).focus();
    await page.keyboard.press('ArrowLeft');
    expect(await visible()).toEqual(['on <CPU>']);
    expect(await page.locator('.sf-path').first().textContent()).toBe('allmainrun');
    expect(messages).toEqual([]);
  });
  it('rejects anything but a picture', () => {
    expect(() => [...tabbedPage('x', [{ name: 'a.svg', svg: '<svg></svg>' }])]).toThrow(TypeError);
  });
});

it('the panels of two pictures in a page are independent', async () => {
  const inline = renderFlameGraph([FOLDED]).replace(/^<\?xml[^>]*>\n/, '');
  const page = await openText('two.html', `<!doctype html><title>host</title>${inline}${inline}`);
  for (const opener of await page.getByRole('button', { name: 'Table' }).all()) await opener.click();
  const ids = await page.$$eval('.sf-grid tr[id]', (lines) => lines.map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(12);
  expect(new Set(ids).size).toBe(ids.length);
});
