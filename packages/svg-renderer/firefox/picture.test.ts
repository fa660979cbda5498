import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { textOf, type Stack } from '../test/stacks.ts';

const FOLDED =
  'main;parse;read 20\nmain;parse;scan 30\nmain;run;parse;read 10\nmain;run;work_[k] 35\nother 5\n';
const PATHS = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

let browser: Browser;
let directory: string;
beforeAll(async () => {
  const executablePath = [process.env['FIREFOX'] ?? '', ...PATHS].find(
    (path) => path !== '' && existsSync(path),
  );
  if (executablePath === undefined)
    throw new Error(
      'Firefox is not installed: run apt-get install firefox-esr, or set FIREFOX=/path/to/firefox',
    );
  browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: { 'ui.prefersReducedMotion': 1 },
    protocolTimeout: 120_000,
  });
  atEnd(() => browser.close());
  directory = temporaryDirectory();
});

async function open(text: string, fragment = ''): Promise<Page> {
  const file = join(directory, 'picture.svg');
  writeFileSync(file, text);
  const page = await browser.newPage();
  atEnd(() => page.close());
  await page.setViewport({ width: 1000, height: 700 });
  await page.goto(pathToFileURL(file).href + fragment);
  return page;
}

const picture = (options: RendererOptions = {}): string => renderFlameGraph([FOLDED], options);
const textIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');
const press = (page: Page, name: string): Promise<void> =>
  page.$$eval('button', (buttons, name) => buttons.find((each) => each.textContent === name)!.click(), name);
async function search(page: Page, text: string): Promise<void> {
  await page.$eval(
    '.sf-search',
    (field, text) => {
      (field as HTMLInputElement).value = text;
      field.dispatchEvent(new Event('input'));
    },
    text,
  );
}
/** Returns the middle of the first box with this name. */
async function middleOf(page: Page, name: string): Promise<[number, number]> {
  return page.$$eval(
    'g.frame',
    (frames, name) => {
      const frame = frames.find((each) => each.querySelector('title')!.textContent!.startsWith(`${name} (`))!;
      const { x, y, width, height } = frame.querySelector('rect')!.getBoundingClientRect();
      return [x + width / 2, y + height / 2] as [number, number];
    },
    name,
  );
}

describe('in Firefox', () => {
  it('a click zooms, Back undoes the zoom, and a link restores it', async () => {
    const page = await open(picture());
    await page.mouse.click(...(await middleOf(page, 'run')));
    expect(await textIn(page, '.sf-path')).toBe('allmainrun');
    const { hash } = new URL(await page.evaluate(() => location.href));
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => document.querySelector('.sf-path')?.textContent === 'all');
    const linked = await open(picture(), hash);
    expect(await textIn(linked, '.sf-path')).toBe('allmainrun');
  });
  it('the details show the share of the box under the pointer, and that of all boxes with the same name', async () => {
    const page = await open(picture());
    await page.mouse.move(...(await middleOf(page, 'parse')));
    expect(await textIn(page, '.sf-details')).toBe(
      '50 samples, 50.00 %; everywhere 60.00 % · Function: parse',
    );
  });
  it('arrow keys move through the boxes and the table', async () => {
    const page = await open(picture());
    const focus = (selector: string): Promise<void> =>
      page.$eval(selector, (element) => (element as HTMLElement | SVGElement).focus());
    await focus('[role=treeitem][tabindex="0"]');
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight'] as const) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^run \(/);
    await press(page, 'Table');
    await focus('.sf-grid');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await textIn(page, '.sf-chips')).toBe('Only: parse ×');
  });
  it('the View menu arranges the boxes, and a link restores the arrangement', async () => {
    const page = await open(picture());
    await press(page, 'View');
    await press(page, 'Widest first');
    await press(page, 'Merge recursion');
    expect(await textIn(page, '.sf-foot')).toContain(
      'the widest boxes come first. Recursive calls are merged.',
    );
    const { hash } = new URL(await page.evaluate(() => location.href));
    const linked = await open(picture(), hash);
    expect(await textIn(linked, '.sf-foot')).toContain(
      'the widest boxes come first. Recursive calls are merged.',
    );
  });
  it('the picture works in an HTML page with a content security policy', async () => {
    const file = join(directory, 'page.html');
    writeFileSync(file, picture({ container: 'html' }));
    const page = await browser.newPage();
    atEnd(() => page.close());
    await page.goto(pathToFileURL(file).href);
    await press(page, 'Table');
    expect(await page.$$eval('.sf-grid [aria-selected]', (lines) => lines.length)).toBe(7);
  });
  it('the table and a search show the sums of the stacks, even if some boxes are not drawn', async () => {
    const stacks = fc.array(
      fc.tuple(
        fc.array(fc.constantFrom<string>('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 5 }),
        fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 999 })),
      ),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(stacks, fc.constantFrom(0, '5%'), async (stacks, minwidth) => {
        const page = await open(renderFlameGraph([textOf(stacks)], { minwidth }));
        const sum = (isCounted: (frames: Stack[0]) => boolean): number =>
          stacks.reduce((total, [frames, weight]) => total + (isCounted(frames) ? weight : 0), 0);
        await press(page, 'Table');
        const rows = await page.$$eval('.sf-grid [aria-selected]', (lines) =>
          lines.map((line) => Array.from(line.querySelectorAll('td'), (cell) => cell.textContent)),
        );
        expect(rows.length).toBe(new Set(stacks.flatMap(([frames]) => frames)).size);
        for (const [self, total, , name] of rows as [string, string, string, string][]) {
          expect(self).toBe(sum((frames) => frames.at(-1) === name).toLocaleString('en-US'));
          const expected = sum((frames) => frames.includes(name));
          expect(total).toBe(expected.toLocaleString('en-US'));
          await search(page, `^${name}$`);
          const share = ((100 * expected) / sum(() => true)).toFixed(2);
          expect((await textIn(page, '.sf-result')).split(' · ')[1]).toBe(`${share} %`);
        }
      }),
      { numRuns: 6 },
    );
  });
});
