import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { atEnd } from './cleanup.ts';

/** Bundles a module with everything it imports, as a browser would load it. Throws if it needs a module of Node. */
export async function bundleForBrowser(module: URL): Promise<string> {
  // esbuild runs as a separate process, which does not end by itself
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
  if (outside.length > 0) throw new Error(`left outside of the bundle: ${outside.join(', ')}`);
  return outputFiles[0]!.text;
}
