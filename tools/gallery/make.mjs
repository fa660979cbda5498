// @ts-check
// Redraws the pictures of examples/ and docs/, and takes the screenshots:
// npx nx run-many -t build bundle -p stapflame @stapflame/tools && node tools/gallery/make.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { gallery, galleryPage } from '../dist/gallery/pictures.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = `${root}/examples`;

for (const name of readdirSync(examples)) {
  // an example without a trace is a program and has no picture
  if (!existsSync(`${examples}/${name}/trace.txt`)) continue;
  for (const [command, file] of [
    ['fold', 'folded.txt'],
    ['flame', 'flame.svg'],
  ]) {
    const output = `${examples}/${name}/${file}`;
    const words = [command ?? '', '-q', '-o', output, `${examples}/${name}/trace.txt`];
    try {
      execFileSync(process.execPath, [`${root}/packages/cli/bundle/bin/main.js`, ...words], {
        stdio: 'inherit',
      });
    } catch (error) {
      // damaged traces are drawn as well
      if (/** @type {{ status?: number }} */ (error).status !== 75) throw error;
    }
  }
}
for (const [file, svg] of gallery(pathToFileURL(`${examples}/`)))
  writeFileSync(`${root}/docs/gallery/${file}`, svg);
writeFileSync(`${root}/docs/gallery.md`, galleryPage());

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
