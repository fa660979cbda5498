import { describe, expect, it } from 'vitest';
import { blocksOf, headingsOf, linksOf, pageOf, type Block, type Page } from './pages.ts';

const TRANSLATIONS = [
  { english: 'README.md', chinese: 'README.zh-CN.md' },
  { english: 'docs/tutorial.md', chinese: 'docs/zh/tutorial.md' },
];
const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

describe.each(TRANSLATIONS)('$chinese', ({ english, chinese }) => {
  const [original, translation] = [pageOf(english), pageOf(chinese)];

  it('has the sections of the English page, in the same order', () => {
    const depths = (page: Page): readonly number[] => headingsOf(page).map(({ depth }) => depth);
    expect(depths(translation)).toEqual(depths(original));
  });

  it('has the commands and programs of the English page, with translated comments', () => {
    const code = (page: Page): readonly string[] => blocksOf(page).map(withoutComments);
    expect(code(translation)).toEqual(code(original));
  });

  it('links to the same pages, translated where a translation exists', () => {
    const targets = (page: Page): readonly string[] =>
      linksOf(page)
        .map((link) => targetOf(page, link))
        .filter((target) => target !== original.file && target !== translation.file)
        .toSorted();
    expect(targets(translation)).toEqual(targets(original));
  });

  it('is Chinese in each of its sections', () => {
    const sections = translation.text.split(/^#+ /m).slice(1);
    expect(sections.filter((section) => !isChinese(section))).toEqual([]);
  });
});

function withoutComments({ language, words, text }: Block): string {
  const lines = text.split('\n').map((line) => line.replace(/ +# .*$/, ''));
  return [[language, ...words].join(' '), ...lines].join('\n');
}

/** Returns the page or file that a link leads to; for a translation, the English page. */
function targetOf(page: Page, link: string): string {
  if (/^[a-z]+:/.test(link)) return link;
  const { pathname, hash } = new URL(link, `file:///${page.file}`);
  const file = pathname.slice(1);
  const translated = TRANSLATIONS.find(({ chinese }) => chinese === file);
  // headings, and so their anchors, are translated
  return translated?.english ?? (file === page.file ? file : file + hash);
}
