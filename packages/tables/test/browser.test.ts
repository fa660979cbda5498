import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';

it.each([
  ['counter', 'NameCounter'],
  ['tree', 'TreeBuilder'],
  ['text/text', 'forTerminal'],
])(
  'has a core that needs no module of Node: %s is bundled for a browser, with nothing left outside',
  async (file, name) => {
    expect(await bundleForBrowser(new URL(`../src/${file}.ts`, import.meta.url))).toContain(name);
  },
);
