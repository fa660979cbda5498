// @ts-check
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const DOCS = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = 'https://github.com/stapflame/stapflame/blob/main/';
/** Pictures that a page links to, beside those that it shows. */
const PICTURES = ['gallery', 'screenshots'];

/** @param {[text: string, page: string][]} pages */
const items = (...pages) => pages.map(([text, page]) => ({ text, link: `/${page}` }));

const SIDEBAR = [
  { text: 'Learn', items: items(['Tutorial', 'tutorial'], ['Gallery', 'gallery'], ['Words', 'words']) },
  {
    text: 'Do',
    items: items(
      ['Ten tasks', 'tasks'],
      ['Sampling', 'sampling'],
      ['Finding names', 'symbols'],
      ['Tables and filters', 'tables'],
      ['Comparing two profiles', 'comparing'],
      ['Many files, many machines', 'scale'],
      ['A picture in your page', 'embedding'],
      ['Read a format of your own', 'dialect'],
    ),
  },
  {
    text: 'Look up',
    items: items(
      ['Commands and options', 'reference/commands'],
      ['Exit codes', 'reference/exit-codes'],
      ['The summary', 'summary'],
      ['Inputs', 'inputs'],
      ['Outputs', 'outputs'],
      ['Troubleshooting', 'troubleshooting'],
    ),
  },
  {
    text: 'Understand',
    items: items(
      ['How it works', 'how-it-works'],
      ['Decisions', 'decisions/'],
      ['Reliability', 'reliability'],
      ['Threat model', 'threat-model'],
      ['Dependencies', 'dependencies'],
      ['Benchmarks of folding', 'benchmarks'],
      ['Benchmarks of the picture', 'benchmarks-svg'],
    ),
  },
];

export default defineConfig({
  title: 'stapflame',
  description: 'From sampling a process with SystemTap to a flame graph that a person reads',
  markdown: {
    config(md) {
      // a page shows names such as Index<int>: no page needs HTML of its own
      md.set({ html: false });
      const open = md.renderer.rules['link_open'];
      md.renderer.rules['link_open'] = (tokens, index, options, env, self) => {
        const token = tokens[index];
        const href = token?.attrGet('href') ?? '';
        const outside = outsideOfDocs(href, String(env.relativePath));
        if (outside !== undefined) token?.attrSet('href', REPOSITORY + outside);
        return open === undefined || outside !== undefined
          ? self.renderToken(tokens, index, options)
          : open(tokens, index, options, env, self);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: 'deep',
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: SIDEBAR } },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      themeConfig: { sidebar: [{ text: '入门', items: items(['教程', 'zh/tutorial']) }, ...SIDEBAR] },
    },
  },
  buildEnd({ outDir }) {
    for (const name of PICTURES) cpSync(`${DOCS}${name}`, `${outDir}/${name}`, { recursive: true });
  },
});

/**
 * The path in the repository of what a link leads to, if that is not one of the pages.
 *
 * @param {string} href
 * @param {string} page its path in docs/
 */
function outsideOfDocs(href, page) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return undefined;
  const path = new URL(href, `file:///docs/${page}`).pathname.slice(1);
  return path.startsWith('docs/') ? undefined : path;
}
