import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { launchChromium } from '../../../testing/chromium.ts';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { renderFlameGraph, type RendererOptions } from '../src/index.ts';

export const FOLDED =
  'main;parse;read 20\nmain;parse;scan 30\nmain;run;parse;read 10\nmain;run;work_[k] 35\nother 5\n';
/** Timeout in ms. On a busy machine, steps that are usually immediate may take a long time. */
const PATIENCE = 300_000;

let browser: Browser;
/** A temporary directory for each test file. */
export let directory: string;
beforeAll(async () => {
  browser = await launchChromium();
  directory = temporaryDirectory();
});

/** Opens a page. The test fails if the page throws an error or requests anything from the network. */
export async function openText(
  file: string,
  text: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  writeFileSync(join(directory, file), text);
  const context = await browser.newContext({
    viewport: { width: 1000, height: 700 },
    reducedMotion: 'reduce',
    ...options,
  });
  atEnd(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  page.on('request', (request) => expect(request.url()).toMatch(/^(?:file|about):/));
  await page.goto(pathToFileURL(join(directory, file)).href);
  return page;
}

export const open = (options: RendererOptions = {}, context: BrowserContextOptions = {}): Promise<Page> =>
  openText('flame.svg', renderFlameGraph([FOLDED], options), context);

/** Returns the page's address. `page.url()` may still return the old one after the page has changed it. */
export const addressOf = (page: Page): Promise<string> => page.evaluate(() => location.href);
