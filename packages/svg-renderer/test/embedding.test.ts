import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { contentSecurityHashes, renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { PAGE_SCRIPT } from '../src/generated/page.ts';
import { inflate } from '../page/inflate.ts';
import { addressOf, directory, FOLDED, openText } from './open-picture.ts';

const inline = (options: RendererOptions = {}): string =>
  renderFlameGraph([FOLDED], options).replace(/^<\?xml[^>]*>\n/, '');

describe('embedded in a page,', () => {
  it('two inline pictures do not interfere with each other or with the page', async () => {
    const html = `<!doctype html><title>host</title><p><input id="host"></p><div style="width:600px">${inline({ title: 'One' })}</div><div style="width:500px">${inline({ title: 'Two', inverted: true })}</div>`;
    const page = await openText('host.html', html);
    const widths = await page.$$eval('svg.stapflame', (roots) =>
      roots.map((root) => root.getBoundingClientRect().width),
    );
    expect(widths).toEqual([600, 500]);
    const url = await addressOf(page);
    await page.locator('svg.stapflame').nth(1).locator('g.frame', { hasText: 'run' }).locator('rect').click();
    expect(await page.locator('.sf-path').allTextContents()).toEqual(['all', 'allmainrun']);
    expect(await addressOf(page)).toBe(url);
    await page.evaluate(() => {
      window.addEventListener('keydown', (event) => {
        document.body.dataset['taken'] = String(event.defaultPrevented);
      });
    });
    await page.locator('#host').focus();
    await page.keyboard.press('Control+f');
    expect(await page.getAttribute('body', 'data-taken')).toBe('false');
  });
  it.each(['img', 'object', 'iframe'])('a picture in <%s> has the given width', async (tag) => {
    writeFileSync(join(directory, 'flame.svg'), renderFlameGraph([FOLDED]));
    const source = tag === 'object' ? 'data' : 'src';
    const page = await openText(
      `${tag}.html`,
      `<!doctype html><title>host</title><${tag} ${source}="flame.svg" width="640" style="border:0"></${tag}>`,
    );
    expect(await page.locator(tag).evaluate((element) => element.getBoundingClientRect().width)).toBe(640);
    if (tag === 'img') return;
    const frame = page.frames()[1]!;
    expect(await frame.$eval('svg.stapflame', (root) => root.getBoundingClientRect().width)).toBe(640);
  });
  it.each(['object', 'iframe'])(
    'two pictures in <%s> work independently and change neither the address nor the history',
    async (tag) => {
      writeFileSync(join(directory, 'one.svg'), renderFlameGraph([FOLDED]));
      writeFileSync(join(directory, 'two.svg'), renderFlameGraph([FOLDED], { inverted: true }));
      const source = tag === 'object' ? 'data' : 'src';
      const page = await openText(
        'two.html',
        `<!doctype html><title>host</title>${['one', 'two'].map((name) => `<${tag} ${source}="${name}.svg" width="640" height="300"></${tag}>`).join('')}`,
      );
      const before = await page.evaluate(() => [location.href, history.length]);
      const [first, second] = page.frames().slice(1);
      await second!.locator('g.frame', { hasText: 'run' }).locator('rect').first().click();
      await first!.getByRole('searchbox').fill('read');
      expect(await second!.textContent('.sf-path')).toBe('allmainrun');
      expect(await second!.textContent('.sf-result')).toBe('');
      expect(await first!.textContent('.sf-path')).toBe('all');
      expect(await first!.textContent('.sf-result')).toBe('2 · 30.00 %');
      expect(await page.evaluate(() => [location.href, history.length])).toEqual(before);
    },
  );
});

describe('under a content security policy', () => {
  const { scripts, style } = contentSecurityHashes;
  const underPolicy = (scripts: readonly string[]): string =>
    `<!doctype html><title>host</title><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${scripts.map((hash) => `'${hash}'`).join(' ')}; style-src '${style}'"><div>${inline()}</div>`;
  it("a picture works if the policy lists this release's hashes", async () => {
    const page = await openText('csp.html', underPolicy(scripts));
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    await page.reload();
    await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().click();
    await page.getByRole('searchbox').fill('read');
    expect(await page.textContent('.sf-path')).toBe('allmainrun');
    expect(messages).toEqual([]);
  });
  it.each([
    ['the hash of another script', [`sha256-${createHash('sha256').update('other').digest('base64')}`]],
    ['only the first hash', scripts.slice(0, 1)],
  ])('a picture stays static if the policy lists %s', async (_, hashes) => {
    const page = await openText('csp.html', underPolicy(hashes));
    expect(await page.locator('.sf-top').count()).toBe(0);
    expect(await page.locator('g.frame').count()).toBeGreaterThan(5);
  });
  it('a picture has no event handler attributes, and its only script has the first hash', () => {
    const attributes: string[] = [];
    const texts: string[] = [];
    let inScript = false;
    const parser = new SaxesParser();
    parser.on('opentag', (tag) => {
      attributes.push(...Object.keys(tag.attributes));
      inScript = tag.name === 'script';
    });
    parser.on('closetag', () => void (inScript = false));
    parser.on('cdata', (text) => void (inScript && texts.push(text)));
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(renderFlameGraph([FOLDED], { title: 'x', notes: 'y', fonttype: 'serif' })).close();
    expect(attributes.filter((name) => name.startsWith('on'))).toEqual([]);
    expect(texts.map((text) => `sha256-${createHash('sha256').update(text).digest('base64')}`)).toEqual(
      scripts.slice(0, 1),
    );
  });
});

describe('the size', () => {
  it('of the script is at most 32 kB', () => {
    expect(PAGE_SCRIPT.length).toBeLessThanOrEqual(32_000);
  });
  it('of a picture of 100 boxes is at most 64 kB', () => {
    const stacks = Array.from(
      { length: 33 },
      (_, i) => `main;namespace::part${i}::run;read_${i};parse ${i + 1}\n`,
    );
    const svg = renderFlameGraph(stacks);
    expect(svg).toContain('"boxes":100,');
    expect(svg.length).toBeLessThanOrEqual(64_000);
  });
});

describe('the deflated script', () => {
  it('inflates to the original text', () => {
    const text = fc
      .array(
        fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 40 }), fc.constantFrom('function', 'return ')),
        {
          minLength: 200,
          maxLength: 400,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (text) => {
        expect(inflate(deflateRawSync(text, { level: 9 }).toString('latin1'))).toBe(text);
      }),
      share(0.5),
    );
  });
  it('may end in a block with fixed codes, which zlib uses if the last block is short', () => {
    for (const text of ['a', 'function f(){return f()}f()'])
      expect(inflate(deflateRawSync(text, { level: 9 }).toString('latin1'))).toBe(text);
  });
});
