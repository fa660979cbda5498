// @ts-check
// Draws the gallery from examples/ and takes its screenshots: npx nx build @stapflame/svg-renderer && node tools/gallery/make.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { renderFlameGraph } from '../../packages/svg-renderer/dist/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @type {{ name: string, example: string, about: string, options: import('../../packages/svg-renderer/dist/index.js').RendererOptions }[]} */
const PICTURES = [
  {
    name: 'perl',
    example: 'perl',
    about: 'A Perl interpreter at work, in the default palette.',
    options: { title: 'perl, substituting and concatenating', subtitle: 'stacks of user space' },
  },
  {
    name: 'burn',
    example: 'burn',
    about: 'Root at the top.',
    options: { title: 'burn', subtitle: 'user space, root at the top', inverted: true },
  },
  {
    name: 'colorblind',
    example: 'perl',
    about: 'The palette that is told apart with every common kind of colour blindness.',
    options: { title: 'perl', subtitle: '--colors colorblind', colors: 'colorblind' },
  },
  {
    name: 'diffusion',
    example: 'perl',
    about: 'Colour by share of the whole.',
    options: { title: 'perl', subtitle: '--colordiffusion', colordiffusion: true },
  },
  {
    name: 'incomplete',
    example: 'damaged',
    about: 'A trace that was cut: the picture says so.',
    options: { title: 'openssl', subtitle: 'a damaged trace' },
  },
];

/** @type {{ file: string, picture: string, width: number, height: number, colorScheme: 'light' | 'dark', fragment?: string }[]} */
const SCREENSHOTS = [
  {
    file: 'light',
    picture: 'perl',
    width: 1100,
    height: 470,
    colorScheme: 'light',
    fragment: '#search=regexec',
  },
  { file: 'dark', picture: 'perl', width: 1100, height: 470, colorScheme: 'dark' },
  { file: 'phone', picture: 'perl', width: 400, height: 560, colorScheme: 'dark' },
  { file: 'incomplete', picture: 'incomplete', width: 1100, height: 580, colorScheme: 'light' },
];

let page =
  '# Gallery\n\nReal traces from [examples/](../examples), drawn by `node tools/gallery/make.mjs`. Open a picture by itself to zoom and search.\n';
for (const { name, example, about, options } of PICTURES) {
  const folded = readFileSync(`${root}/examples/${example}/folded.txt`);
  writeFileSync(`${root}/docs/gallery/${name}.svg`, renderFlameGraph([folded], options));
  page += `\n## ${options.title}: ${name}\n\n${about}\n\n[![${options.title}](gallery/${name}.svg)](gallery/${name}.svg)\n`;
}
writeFileSync(`${root}/docs/gallery.md`, page);

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
for (const { file, picture, width, height, colorScheme, fragment = '' } of SCREENSHOTS) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const shot = await context.newPage();
  await shot.goto(pathToFileURL(`${root}/docs/gallery/${picture}.svg`).href + fragment);
  await shot.screenshot({ path: `${root}/docs/screenshots/${file}.png` });
  await context.close();
}
await browser.close();
