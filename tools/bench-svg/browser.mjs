// @ts-check
// Times pictures in headless Chromium in turn: node browser.mjs OURS INFERNO PERL [ROUNDS]
// A time runs from the event's first handler to the second animation frame after it.
import { performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [ours = '', inferno = '', perl = '', rounds = '3'] = process.argv.slice(2);
const files = { ours, inferno, 'flamegraph.pl': perl };
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
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, file] of Object.entries(files)) await measure(name, file);
}
await browser.close();
for (const [step, by] of Object.entries(times)) {
  const row = Object.entries(by).map(([name, all]) => `${name} ${median(all).toFixed(0)}`);
  console.log(`${step}: ${row.join(', ')} ms`);
}

/** @param {string} name @param {string} file */
async function measure(name, file) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 }, reducedMotion: 'reduce' });
  page.on('dialog', (dialog) => void dialog.accept('storage'));
  const add = (/** @type {string} */ step, /** @type {number} */ time) =>
    ((times[step] ??= {})[name] ??= []).push(time);
  const start = performance.now();
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  add('usable after load', performance.now() - start);
  await page.evaluate(() => {
    const state = /** @type {any} */ (window);
    for (const type of ['click', 'mousemove', 'input', 'keydown']) {
      window.addEventListener(
        type,
        (event) => {
          if (state.wanted !== type || state.time !== undefined) return;
          state.time = 0;
          const from = event.timeStamp > 0 ? performance.now() : 0;
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
    await act();
    await page.waitForFunction(() => /** @type {any} */ (window).time > 0);
    add(step, await page.evaluate(() => /** @type {any} */ (window).time));
  };
  // the second and the sixth row above the root, at a third of the width
  const rows = await page.evaluate(() => {
    const rects = Array.from(document.querySelectorAll('rect')).map((rect) => rect.getBoundingClientRect());
    const ys = [
      ...new Set(rects.filter(({ height }) => height > 8 && height < 30).map(({ top }) => Math.round(top))),
    ];
    return ys.sort((a, b) => b - a);
  });
  const at = async (/** @type {number} */ row) => {
    const y = /** @type {number} */ (rows[row]) + 7;
    const scroll = await page.evaluate((y) => {
      window.scrollTo(0, Math.max(0, y + window.scrollY - 600));
      return window.scrollY;
    }, y);
    return { x: 420, y: y - scroll };
  };
  const click = async (/** @type {{ x: number, y: number }} */ { x, y }) => page.mouse.click(x, y);
  const shallow = await at(3);
  await page.mouse.move(shallow.x, shallow.y + 20);
  await timed('hover', 'mousemove', () => page.mouse.move(shallow.x, shallow.y));
  await timed('zoom, first', 'click', () => click(shallow));
  await timed('zoom, second', 'click', async () => click(await at(6)));
  await timed('reset', 'click', () =>
    name === 'ours'
      ? page.getByRole('button', { name: 'Reset' }).click()
      : page.evaluate(() =>
          document.getElementById('unzoom')?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
        ),
  );
  if (name === 'ours') {
    await timed('search', 'input', () => page.getByRole('searchbox').fill('storage'));
    await page.locator('[role=treeitem][tabindex="0"]').focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight'])
      await timed('keyboard step', 'keydown', () => page.keyboard.press(key));
  } else {
    await timed('search', 'click', () =>
      page.evaluate(() =>
        document.getElementById('search')?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
      ),
    );
  }
  await page.close();
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
