import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stapflame-package-'));
  const cli = fileURLToPath(new URL('..', import.meta.url));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory], {
    cwd: cli,
  });
  const [tarball] = readdirSync(directory);
  execFileSync('tar', ['-xf', tarball!], { cwd: directory });
});
afterAll(() => rmSync(directory, { recursive: true }));

it('runs from the published files alone', () => {
  const { bin } = JSON.parse(readFileSync(join(directory, 'package/package.json'), 'utf8')) as {
    bin: { stapflame: string };
  };
  const folded = execFileSync(process.execPath, [join(directory, 'package', bin.stapflame), 'fold', '-q'], {
    input: ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : root+0x1/0x2 [/p]\n\t3\n',
  });
  expect(folded.toString()).toBe('root;leaf 3\n');
});

it('names the manual page in an array, because npm ignores a string there when it installs a tarball', () => {
  const { man } = JSON.parse(readFileSync(join(directory, 'package/package.json'), 'utf8')) as {
    man: string[];
  };
  expect(man.map((file) => existsSync(join(directory, 'package', file)))).toEqual([true]);
});

it('contains the licences of bundled packages but no tests', () => {
  expect(readFileSync(join(directory, 'package/bundle/bin/THIRD-PARTY-LICENSES.txt'), 'utf8')).toContain(
    'commander',
  );
  expect(existsSync(join(directory, 'package/test'))).toBe(false);
});

it('bundles only packages that docs/dependencies.md justifies, and their dependencies', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const page = readFileSync(`${root}docs/dependencies.md`, 'utf8');
  const licences = readFileSync(join(directory, 'package/bundle/bin/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const bundled = Array.from(licences.matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+\S* \(/gm), ([, name]) => name!);
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<string, { dependencies?: Record<string, string> } | undefined>;
  };
  const justified = Array.from(page.matchAll(/^\| (@?[\w/-]+) \d/gm), ([, name]) => name!);
  const allowed = new Set<string>();
  const allow = (name: string): void => {
    if (allowed.has(name)) return;
    allowed.add(name);
    for (const [path, entry] of Object.entries(lock.packages))
      if (path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
        Object.keys(entry?.dependencies ?? {}).forEach(allow);
  };
  justified.forEach(allow);
  expect(justified).toContain('commander');
  expect(bundled.length).toBeGreaterThan(20);
  expect(bundled.filter((name) => !allowed.has(name))).toEqual([]);
});
