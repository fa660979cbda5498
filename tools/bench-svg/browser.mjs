// @ts-check
// Measures pictures in headless Chromium, in turn: node browser.mjs ROUNDS NAME=SVG…
// NAME is ours, before (an earlier version of our picture), inferno or flamegraph.pl. A time is measured from the
// event's first handler to the second animation frame after it. `own` is the part of that time spent in script, style
// and layout.
import { performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [rounds = '7', ...pictures] = process.argv.slice(2);
const files = pictures.map((picture) => /** @type {[string, string]} */ (picture.split(/=(.*)/s)));
/** Milliseconds to wait for a step: on a busy machine, a picture of 255,000 boxes is slow. */
const PATIENCE = 300_000;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ],
});

/** @type {Record<string, Record<string, number[]>>} */
const times = {};
/** @param {string} name @param {string} step @param {number} time */
function add(name, step, time) {
  ((times[step] ??= {})[name] ??= []).push(time);
}

for (let round = 0; round < Number(rounds); round++) {
  for (const [name, file] of files) {
    await measure(name, file);
    if (isOurs(name)) await measureMotion(name, file);
  }
}
await browser.close();
for (const [step, by] of Object.entries(times)) {
  const ours = median(by['ours'] ?? []);
  const row = Object.entries(by).map(([name, all]) => {
    const time = median(all);
    const ratio = name === 'ours' ? '' : ` (${(time / ours).toFixed(2)}x)`;
    return `${name} ${time.toFixed(1)}${ratio}`;
  });
  console.log(`${step}: ${row.join(', ')} ms`);
}

/** @param {string} name */
function isOurs(name) {
  return name === 'ours' || name === 'before';
}

/** @param {string} file @param {'reduce' | 'no-preference'} reducedMotion */
async function openPage(file, reducedMotion) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 }, reducedMotion });
  page.setDefaultTimeout(PATIENCE);
  const start = performance.now();
  page.on('dialog', (dialog) => void dialog.accept('storage'));
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, load: performance.now() - start };
}

/** @param {string} name @param {string} file */
async function measure(name, file) {
  const { page, load } = await openPage(file, 'reduce');
  add(name, 'usable after load', load);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** Milliseconds spent in script, style and layout since the page was opened. */
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const kinds = new Set(['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration']);
    return 1000 * metrics.reduce((sum, { name, value }) => sum + (kinds.has(name) ? value : 0), 0);
  };
  await page.evaluate(() => {
    const state = /** @type {any} */ (window);
    for (const type of ['click', 'mousemove', 'input', 'keydown']) {
      window.addEventListener(
        type,
        () => {
          if (state.wanted !== type || state.time !== undefined) return;
          state.time = 0;
          const from = performance.now();
          requestAnimationFrame(() => requestAnimationFrame(() => (state.time = performance.now() - from)));
        },
        true,
      );
    }
  });
  const timed = async (
    /** @type {string} */ step,
    /** @type {string} */ type,
    /** @type {() => Promise<unknown>} */ act,
  ) => {
    await page.evaluate((type) => Object.assign(window, { wanted: type, time: undefined }), type);
    const before = await spent();
    await act();
    // polled from outside, so that waiting runs no script in the page
    let time = 0;
    while (time === 0) time = await page.evaluate(() => /** @type {any} */ (window).time ?? 0);
    add(name, step, time);
    add(name, `${step}, own`, (await spent()) - before);
  };
  const at = await rowsOf(page);
  const click = async (/** @type {{ x: number, y: number }} */ { x, y }) => page.mouse.click(x, y);
  const shallow = await at(3);
  await page.mouse.move(shallow.x, shallow.y + 20);
  await timed('hover', 'mousemove', () => page.mouse.move(shallow.x, shallow.y));
  await timed('zoom, first', 'click', () => click(shallow));
  await timed('zoom, second', 'click', async () => click(await at(6)));
  const reset = isOurs(name)
    ? await pressOf(page, 'Reset')
    : () =>
        page.evaluate(() =>
          document.getElementById('unzoom')?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
        );
  await timed('reset', 'click', reset);
  if (isOurs(name)) await measureOurs(page, timed);
  else {
    await timed('search', 'click', () =>
      page.evaluate(() =>
        document.getElementById('search')?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      ),
    );
  }
  await page.close();
}

/**
 * Measures steps that the other programs' pictures do not have, or start with a different event.
 *
 * @param {import('playwright-core').Page} page
 * @param {(step: string, type: string, act: () => Promise<unknown>) => Promise<void>} timed
 */
async function measureOurs(page, timed) {
  await page.getByRole('searchbox').focus();
  await timed('search', 'input', () => page.keyboard.insertText('storage'));
  await page.getByRole('searchbox').fill('');
  await page.locator('[role=treeitem][tabindex="0"]').focus();
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight'])
    await timed('keyboard step', 'keydown', () => page.keyboard.press(key));
  await timed('table', 'click', await pressOf(page, 'Table'));
  // the keyboard selects the widest function, which is the first callee of the root
  await timed('callers and callees', 'click', await pressOf(page, 'Callers and callees'));
  await timed('bottom up', 'click', await pressOf(page, 'Bottom up'));
}

/**
 * Points the mouse at a button, and returns a function that presses it. A locator would search for the button with
 * scripts in the page, and their time would count as the picture's.
 *
 * @param {import('playwright-core').Page} page @param {string} name
 */
async function pressOf(page, name) {
  const area = await page.getByRole('button', { name, exact: true }).boundingBox();
  if (!area) throw new Error(`${name} is not visible`);
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(x, y);
  return () => page.mouse.click(x, y);
}

/** Zooms with motion. @param {string} name @param {string} file */
async function measureMotion(name, file) {
  const { page } = await openPage(file, 'no-preference');
  const { x, y } = await (await rowsOf(page))(3);
  await page.evaluate(() => {
    const state = /** @type {any} */ (window);
    state.frames = [];
    window.addEventListener(
      'click',
      () => {
        // the frame of the zoom itself is a separate step, above
        let last = 0;
        const note = (/** @type {number} */ now) => {
          if (last > 0) state.frames.push(now - last);
          last = now;
          if (state.frames.length < 12) requestAnimationFrame(note);
        };
        requestAnimationFrame(() => requestAnimationFrame(note));
      },
      { once: true, capture: true },
    );
  });
  await page.mouse.click(x, y);
  await page.waitForFunction(() => /** @type {any} */ (window).frames.length >= 12, undefined, {
    polling: 500,
  });
  /** @type {number[]} */
  const frames = await page.evaluate(() => /** @type {any} */ (window).frames);
  add(name, 'longest frame of the motion', Math.max(...frames));
  await page.close();
}

/**
 * Finds the boxes at a third of the picture's width, one per row, starting at the root.
 *
 * @param {import('playwright-core').Page} page
 */
async function rowsOf(page) {
  const rows = await page.evaluate(() => {
    const rects = Array.from(document.querySelectorAll('rect')).map((rect) => rect.getBoundingClientRect());
    const ys = [
      ...new Set(rects.filter(({ height }) => height > 8 && height < 30).map(({ top }) => Math.round(top))),
    ];
    return ys.sort((a, b) => b - a);
  });
  return async (/** @type {number} */ row) => {
    const y = /** @type {number} */ (rows[Math.min(row, rows.length - 1)]) + 7;
    const scroll = await page.evaluate((y) => {
      window.scrollTo(0, Math.max(0, y + window.scrollY - 600));
      return window.scrollY;
    }, y);
    return { x: 420, y: y - scroll };
  };
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
