import { describe, expect, it } from 'vitest';
import { renderFlameGraph } from '../src/index.ts';
import { jsonPieces } from '../src/picture/json-pieces.ts';
import { packTree, unpackTree } from '../src/picture/packed.ts';
import { open, openText } from './open-picture.ts';

const foot = '.sf-foot';

describe('the note below the boxes', () => {
  it('explains the x-axis, in both the still and the live picture', async () => {
    for (const [flamechart, words] of [
      [false, 'Width is the share of the whole; the x-axis is not time.'],
      [true, 'Width is the share of the whole; the x-axis is the order of the input.'],
    ] as const) {
      const svg = renderFlameGraph(['a;b 2\na;c 1\n'], { flamechart });
      expect(svg).toContain(`3 samples. ${words}</text>`);
      const page = await openText('note.svg', svg);
      expect(await page.textContent(foot)).toBe(`3 samples. ${words}`);
    }
  });
  it('shows the sum as a bound if boxes that are not drawn could change the filtered sum', async () => {
    const page = await openText(
      'narrow.svg',
      renderFlameGraph(['a;b 50000\na;c 40000\nd 9000\na;e 1\nd;b 1\n']),
    );
    const click = (name: string): Promise<void> =>
      page
        .locator('g.frame', { has: page.locator(`title:text("${name} (")`) })
        .locator('rect')
        .first()
        .click();
    await click('b');
    await page.getByRole('button', { name: 'Focus', exact: true }).click();
    expect(await page.textContent(foot)).toMatch(
      /^≥ 50,000 of 99,002 samples\. Width is the share of what the filters keep/,
    );
    await page.locator('.sf-chips button').click();
    await click('b');
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    expect(await page.textContent(foot)).toMatch(/^≤ 49,002 of 99,002 samples\./);
  });
});

describe('the colour key', () => {
  it.each([
    ['kernel boxes', 'a;b_[k] 1\n', {}, ['user', 'kernel']],
    ['kinds of a palette', 'a;b::c 1\nx_[k] 1\n', { colors: 'java' }, ['C++', 'kernel', 'other']],
    ['changes', 'a 1 2\n', {}, ['more self weight than before', 'less self weight than before', 'as before']],
    ['shares', 'a 1\n', { colordiffusion: true }, ['all', 'half', 'almost none']],
    ['colours without a meaning', 'a 1\nb 1\n', {}, []],
    ['a single kind', 'a 1\nb 1\n', { colors: 'perl' }, []],
  ] as const)('for %s contains the expected meanings', async (_, folded, options, words) => {
    const svg = renderFlameGraph([folded], options);
    const still = [...svg.matchAll(/height="10" fill="(#\w+)"\/><text[^>]*>([^<]*)</g)];
    expect(still.map(([, , text]) => text)).toEqual(words);
    const page = await openText('key.svg', svg);
    const live = await page.$$eval('.sf-color', (squares) =>
      squares.map((square) => [getComputedStyle(square).backgroundColor, square.nextSibling!.textContent]),
    );
    const rgb = (hex: string): string =>
      `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
    expect(live).toEqual(still.map(([, color, text]) => [rgb(color!), text]));
  });
  it('fits a phone', async () => {
    const page = await open({ colordiffusion: true }, { viewport: { width: 320, height: 600 } });
    const { textBottom, bottom } = await page.evaluate(() => ({
      textBottom: document.querySelector('.sf-foot')!.getBoundingClientRect().bottom,
      bottom: document.documentElement.getBoundingClientRect().bottom,
    }));
    expect(textBottom).toBeLessThanOrEqual(bottom);
  });
});

describe('the help text', () => {
  it('is opened by the button with the question mark, describes this picture, and never covers the boxes', async () => {
    for (const [flamechart, words] of [
      [false, 'The x-axis is not time'],
      [true, 'The x-axis is the order of the input.'],
    ] as const) {
      const page = await open({ flamechart }, { viewport: { width: 390, height: 800 } });
      expect(await page.locator('.sf-help').isVisible()).toBe(false);
      const opener = page.getByRole('button', { name: 'How to read this' });
      await opener.click();
      expect(await opener.getAttribute('aria-expanded')).toBe('true');
      expect(await page.textContent('.sf-help')).toContain(words);
      const { help, boxes } = await page.evaluate(() => ({
        help: document.querySelector('.sf-help')!.getBoundingClientRect().bottom,
        boxes: Math.min(
          ...Array.from(document.querySelectorAll('g.frame'), (box) => box.getBoundingClientRect().top),
        ),
      }));
      expect(help).toBeLessThanOrEqual(boxes);
      await opener.click();
      expect(await page.locator('.sf-help').isVisible()).toBe(false);
    }
  });
});

it('a tree is the same after packing and unpacking', () => {
  const tree = {
    names: ['all', 'a', 'b'],
    selfs: [0, 1, 2],
    totals: [4, 4, 3],
    others: 0,
    depths: Int32Array.of(0, 1, 2, 2, 1),
    nameIds: [0, 1, 2, 2, 2],
    weights: [10, 8, 3.5, 1, 1],
    gaps: Float64Array.of(0, 0.5, 0, 2, 0),
    dropped: Float64Array.of(1, 0, 0, 0, 0.25),
    colorIds: [0, 1, 2],
    colorsBy: 'name',
  } as const;
  expect(unpackTree(JSON.parse([...jsonPieces(packTree(tree))].join('')))).toEqual(tree);
});
