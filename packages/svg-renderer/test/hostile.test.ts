import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { RendererError, rendererOptionDocs, renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { openText } from './open-picture.ts';

const HOSTILE = `</script><script>document.documentElement.setAttribute('data-ran',1)</script>]]>"'--><img src=x onerror="document.documentElement.setAttribute('data-ran',1)">\u202e\u0000\u001b[31m\ud800 url(x) } * { color: red`;
const NAME = HOSTILE.replaceAll(/[;\n]/g, '');

/** Draws a picture, or returns `refused` if an option is invalid. */
function drawn(options: RendererOptions, folded: Uint8Array | string = `${NAME};x 3\n`): string | 'refused' {
  try {
    return renderFlameGraph([folded], options);
  } catch (error) {
    if ((error as RendererError).code === 'INVALID_OPTIONS') return 'refused';
    throw error;
  }
}

function isWellFormed(svg: string): void {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(svg).close();
}

/** Opens the picture by itself and in a page, and checks that no script in its text runs. */
async function staysText(svg: string): Promise<void> {
  isWellFormed(svg);
  for (const [file, text] of [
    ['hostile.svg', svg],
    ['hostile.html', `<!doctype html><title>host</title>${svg.replace(/^<\?xml[^>]*>\n/, '')}`],
  ] as const) {
    const page = await openText(file, text);
    expect(await page.locator('g.frame').count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator('.sf-top').count()).toBe(1);
    await page.locator('g.frame rect').last().click();
    expect(await page.evaluate(() => document.documentElement.getAttribute('data-ran'))).toBe(null);
    expect(await page.evaluate(() => document.querySelectorAll('img, script').length)).toBe(1);
  }
}

const TEXT_OPTIONS = rendererOptionDocs.filter(({ kind }) => kind === 'text').map(({ name }) => name);
const REFUSED = ['minwidth', 'colors', 'bgcolors', 'searchcolor', 'strokecolor', 'uicolor'] as const;

describe('hostile text', () => {
  it.each(TEXT_OPTIONS.filter((name) => !REFUSED.includes(name as 'colors')))(
    'in the option %s stays text, in an SVG file and in a page',
    async (name) => {
      const text = name === 'base' ? NAME : HOSTILE;
      const folded = name === 'base' ? Buffer.from(`a;${NAME};x 3\n`) : `${NAME};x 3\n`;
      await staysText(drawn({ [name]: text }, folded));
    },
  );
  it.each(REFUSED)('in the option %s is rejected', (name) => {
    expect(drawn({ [name]: HOSTILE })).toBe('refused');
    expect(drawn({ [name]: '#12345"' })).toBe('refused');
  });
  it('in a nameattr file stays text, and only links to the web are kept', async () => {
    const tab = (...fields: string[]): string => `${fields.join('\t')}\n`;
    const nameattr =
      tab(
        Buffer.from(NAME).toString(),
        `title=${NAME}`,
        'href=https://example.org/"><script>',
        `target=${NAME}`,
        `id=${NAME}`,
      ) +
      tab('x', 'href=javascript:document.documentElement.setAttribute("data-ran",1)', 'onclick=alert(1)') +
      tab('y', 'href=data:text/html,<script>1</script>', `g_extra=onload="alert(1)"`, `class=${NAME}`);
    const svg = drawn({ nameattr }, `${NAME};x 3\n${NAME};y 3\n`);
    expect(
      Array.from(
        svg.split('<script>')[0]!.matchAll(/<a href="([^"]*)" target="([^"]*)"/g),
        ([, href, target]) => [href, target],
      ),
    ).toEqual([['https://example.org/&quot;&gt;&lt;script&gt;', '_top']]);
    isWellFormed(svg);
    const page = await openText('attributes.svg', svg);
    await page.locator('g.frame', { hasText: /^x/ }).locator('rect').first().click();
    expect(await page.textContent('.sf-path')).toContain('x');
    expect(await page.evaluate(() => document.documentElement.getAttribute('data-ran'))).toBe(null);
  });
  it('in a palette map stays text', async () => {
    await staysText(drawn({ cp: `${NAME}->rgb(1,2,3)\n` }));
  });
  it('in a stack stays text, even if it is 100 kB long or contains invalid UTF-8 or direction marks', async () => {
    const long = 'long'.repeat(25_000);
    const folded = Buffer.concat([
      Buffer.from(`${NAME};${long} 2\n`),
      Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0x3b, 0xed, 0xa0, 0x80, 0x20, 0x34, 0x0a]),
      Buffer.from('\u202eevil\u2066;\u05d0\u05d1\u0000\u000b\u007f\u0085\ufffe 3\n'),
    ]);
    const svg = drawn({}, folded);
    await staysText(svg);
    expect(svg).toContain('evil');
    expect(svg).toContain(long);
  });
});

describe('a link', () => {
  it('opens on a click, while Ctrl+click zooms to its box', async () => {
    const page = await openText(
      'link.svg',
      renderFlameGraph(['a;b 3\na;c 1\n'], {
        nameattr: 'b\thref=https://example.org/\ttarget=_blank\ttitle=see b\n',
      }),
    );
    const box = page.locator('a g.frame rect');
    expect(await page.locator('a').getAttribute('href')).toBe('https://example.org/');
    await box.click({ modifiers: ['Control'] });
    expect(await page.textContent('.sf-path')).toBe('allab');
    expect(await page.textContent('.sf-details')).toContain('see b');
  });
});
