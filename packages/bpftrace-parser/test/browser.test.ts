import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';

it('has a core that can be bundled for a browser because it needs no Node modules', async () => {
  expect(await bundleForBrowser(new URL('../src/parser.ts', import.meta.url))).toContain('BpftraceParser');
});
