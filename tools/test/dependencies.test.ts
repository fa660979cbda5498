import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');
interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly scripts?: Record<string, string>;
  readonly publishConfig?: { readonly provenance?: boolean };
}
const manifests = readdirSync(`${ROOT}packages`).map((name): [string, Manifest] => [
  name,
  JSON.parse(read(`packages/${name}/package.json`)) as Manifest,
]);

it.each(manifests)('every run-time dependency of %s is justified', (name, manifest) => {
  // the command line is published as one bundle: what it holds stands among its development dependencies
  const names = Object.keys(manifest.dependencies ?? {}).filter((each) => !each.startsWith('@stapflame/'));
  const page = read('docs/dependencies.md');
  for (const each of names) expect(page, `${each} of ${name}`).toMatch(new RegExp(`^\\| ${each} `, 'm'));
});

it.each(manifests)(
  '%s runs nothing when it is installed, and is published with its provenance',
  (_, manifest) => {
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts?.[script]).toBeUndefined();
    expect(manifest.publishConfig?.provenance).toBe(true);
  },
);
