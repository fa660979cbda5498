import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';

it('the core can be bundled for a browser because it imports no Node module', async () => {
  expect(await bundleForBrowser(new URL('../src/counter.ts', import.meta.url))).toContain('FunctionCounter');
});
