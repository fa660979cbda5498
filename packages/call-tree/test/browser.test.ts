import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';

it('has a core that needs no module of Node: it is bundled for a browser, with nothing left outside', async () => {
  expect(await bundleForBrowser(new URL('../src/tree.ts', import.meta.url))).toContain('CallTreeBuilder');
});
