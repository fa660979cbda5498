import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');
interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}
const manifests = readdirSync(`${ROOT}packages`).map((name): [string, Manifest] => [
  name,
  JSON.parse(read(`packages/${name}/package.json`)) as Manifest,
]);

it.each(manifests)('every run-time dependency of %s is justified', (name, manifest) => {
  // the command line is published as one bundle, so its contents are development dependencies
  const names = Object.keys(manifest.dependencies ?? {}).filter((each) => !each.startsWith('@stapflame/'));
  const page = read('docs/dependencies.md');
  for (const each of names) expect(page, `${each} of ${name}`).toMatch(new RegExp(`^\\| ${each} `, 'm'));
});

it.each(manifests)('the page of dependencies lists the imports of %s', (name) => {
  const rows = read('docs/dependencies.md').split('\n');
  // a bundled package is imported with a # before its name
  const sources = readdirSync(`${ROOT}packages/${name}/src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`packages/${name}/src/${file}`));
  const imported = sources.flatMap((text) =>
    [...text.matchAll(/^(?:import|export)\s(?!type)[^;]*? from '#?((?:@[\w-]+\/)?[\w.:-]+)/gm)].map(
      ([, from]) => from!,
    ),
  );
  for (const each of new Set(imported)) {
    if (each.startsWith('.') || each.startsWith('@stapflame/') || isBuiltin(each)) continue;
    const users = rows.find((row) => row.startsWith(`| ${each} `))?.split('|')[2];
    const isStage = name !== 'cli' && /\bevery stage\b/.test(users ?? '');
    expect(isStage || (users ?? '').split(/[\s,]+/).includes(name), `${each} of ${name}`).toBe(true);
  }
});

it('npm start installs the versions that the packages name', () => {
  const root = JSON.parse(read('package.json')) as Manifest;
  const named = new Map<string, string>();
  for (const [, { dependencies, devDependencies }] of manifests)
    for (const [name, version] of Object.entries({ ...devDependencies, ...dependencies }))
      named.set(name, version.replace('^', ''));
  const installed = Object.entries(root.dependencies!).filter(([name]) => named.has(name));
  expect(installed.length).toBeGreaterThan(5);
  for (const [name, version] of installed) expect(version.replace('^', ''), name).toBe(named.get(name));
});
