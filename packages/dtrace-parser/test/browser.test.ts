import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';

it('has a core that needs no Node modules and can be bundled for a browser', async () => {
  expect(await bundleForBrowser(new URL('../src/parser.ts', import.meta.url))).toContain('DtraceParser');
});
