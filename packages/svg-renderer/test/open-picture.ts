import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { launchChromium } from './chromium.ts';

export const FOLDED =
  'main;parse;read 20\nmain;parse;scan 30\nmain;run;parse;read 10\nmain;run;work_[k] 35\nother 5\n';

let browser: Browser;
/** Where the files of one test file lie. */
export let directory: string;
const pages: Page[] = [];
beforeAll(async () => {
  browser = await launchChromium();
  directory = mkdtempSync(join(tmpdir(), 'svg-renderer-'));
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
});
afterAll(async () => {
  await browser.close();
  rmSync(directory, { recursive: true });
});

/** Opens a page, and ends the test where it has an error or asks the network for anything. */
export async function openText(
  file: string,
  text: string,
  context: BrowserContextOptions = {},
): Promise<Page> {
  writeFileSync(join(directory, file), text);
  const page = await (
    await browser.newContext({ viewport: { width: 1000, height: 700 }, ...context })
  ).newPage();
  pages.push(page);
  page.on('pageerror', (error) => {
    throw error;
  });
  page.on('request', (request) => expect(request.url()).toMatch(/^(?:file|about):/));
  await page.goto(pathToFileURL(join(directory, file)).href);
  return page;
}

export const open = (options: RendererOptions = {}, context: BrowserContextOptions = {}): Promise<Page> =>
  openText('flame.svg', renderFlameGraph([FOLDED], options), context);
