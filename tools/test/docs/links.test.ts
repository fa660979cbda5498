import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { headingsOf, linksOf, PAGES, ROOT, type Page } from './pages.ts';

const READMES = readdirSync(`${ROOT}packages`)
  .map((name) => `packages/${name}/README.md`)
  .filter((file) => existsSync(ROOT + file))
  .map((file): Page => ({ file, text: readFileSync(ROOT + file, 'utf8') }));
const ALL = [...PAGES, ...READMES];

it.each(ALL)('the links of $file lead to files and headings that exist', (page) => {
  const wrong = linksOf(page).filter((link) => !/^[a-z]+:/.test(link) && !exists(page, link));
  expect(wrong).toEqual([]);
});

function exists(page: Page, link: string): boolean {
  const { pathname, hash } = new URL(link, `file:///${page.file}`);
  const file = decodeURIComponent(pathname.slice(1));
  if (!existsSync(ROOT + file)) return false;
  if (hash === '') return true;
  const target = ALL.find((each) => each.file === file);
  return target !== undefined && anchorsOf(target).has(decodeURIComponent(hash.slice(1)));
}

/** Returns the anchors that GitHub and our site create for headings. */
function anchorsOf(page: Page): ReadonlySet<string> {
  return new Set(
    headingsOf(page).map(({ text }) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}
