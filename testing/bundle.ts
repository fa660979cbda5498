import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { atEnd } from './cleanup.ts';

/** Bundles a module with all its imports for a browser. Throws if the module needs a Node module. */
export async function bundleForBrowser(module: URL): Promise<string> {
  // esbuild runs in a separate process, which does not end by itself
  atEnd(() => stop());
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    conditions: ['@stapflame/source'],
    logLevel: 'silent',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  if (outside.length > 0)
    throw new Error(`expected a bundle without imports, got imports of ${outside.join(', ')}`);
  return outputFiles[0]!.text;
}
