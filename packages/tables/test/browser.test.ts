import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it.each(['counter', 'tree', 'text/text'])(
  'has a core that needs no module of Node: %s is bundled for a browser, with nothing left outside',
  async (file) => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL(`../src/${file}.ts`, import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      conditions: ['@stapflame/source'],
      logLevel: 'silent',
    });
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  },
);
