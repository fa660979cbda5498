import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../../testing/chromium.ts';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { caseOf, stapflame } from './stapflame.ts';

let browser: Browser;
let directory: string;
beforeAll(async () => {
  browser = await launchChromium();
  directory = temporaryDirectory();
});

/** Draws a real trace and opens the picture in the browser. */
async function open(name: string): Promise<{ page: Page; messages: string[] }> {
  const file = join(directory, `${name}.svg`);
  await stapflame(['flame', '-q', '-o', file, caseOf(name).trace]);
  // wide enough to keep every box that the tests examine separate from its narrow neighbours
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, messages };
}

/** Returns the title of each box and the edges of its rectangle, as Chromium lays it out. */
const boxes = (page: Page): Promise<{ title: string; left: number; right: number; bottom: number }[]> =>
  page.$$eval('g.frame', (groups) =>
    groups.map((group) => {
      const { left, right, bottom } = group.querySelector('rect')!.getBoundingClientRect();
      return { title: group.querySelector('title')!.textContent, left, right, bottom };
    }),
  );

it('opens in Chromium without messages, and shows each function once, in the right place', async () => {
  const { page, messages } = await open('burn-u_g');
  const drawn = await boxes(page);
  expect(messages).toEqual([]);
  const find = (name: string): (typeof drawn)[number] => {
    const found = drawn.filter(({ title }) => title.startsWith(`${name} (`));
    expect(found.length).toBe(1);
    return found[0]!;
  };
  const all = find('all');
  expect(all.title).toBe('all (2,350 samples, 100.00 %)');
  expect(find('hash_record').title).toBe('hash_record (728 samples, 30.98 %)');
  for (const [name, samples] of [
    ['hash_record', 728],
    ['count_primes', 734],
    ['write_null', 19],
  ] as const) {
    const { left, right } = find(name);
    expect((right - left) / (all.right - all.left)).toBeCloseTo(samples / 2350, 3);
  }
  const callee = find('hash_record');
  const caller = find('hash_table');
  expect(callee.left).toBeCloseTo(caller.left, 1);
  expect(callee.bottom).toBeLessThan(caller.bottom);
  await page.close();
});

it('shows no label that is wider than its box', async () => {
  const { page } = await open('programs-real_perl');
  const over = await page.$$eval(
    'g.frame',
    (groups) =>
      groups.filter((group) => {
        const text = group.querySelector('text');
        return (
          text !== null &&
          text.getBoundingClientRect().right >
            group.querySelector('rect')!.getBoundingClientRect().right + 0.5
        );
      }).length,
  );
  expect(over).toBe(0);
  await page.close();
});

it('reports that a trace is incomplete', async () => {
  const { page } = await open('programs-real_openssl');
  expect(await page.textContent('g.incomplete text')).toBe(
    'Incomplete: 1 damaged record, 1 input ends too early',
  );
  await page.close();
});
