import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'stapflame-metadata-')), 'folder');
  mkdirSync(directory);
  for (const file of ['package.json', 'CHANGELOG.md', 'LICENSE'])
    cpSync(`${ROOT}packages/folder/${file}`, join(directory, file));
  writeFileSync(join(directory, 'README.md'), '# a package');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

function check(...words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const script = `${ROOT}tools/packages/metadata.mjs`;
  return spawnSync(process.execPath, [script, ...words], { cwd: directory, encoding: 'utf8' });
}

function change(edit: (manifest: Record<string, unknown>) => void): void {
  const file = join(directory, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

it('accepts a package whose metadata is complete', () => {
  expect(check()).toMatchObject({ status: 0, stderr: '' });
});

it.each(['homepage', 'bugs', 'repository', 'author', 'license', 'engines'])(
  'rejects a package without %s, and --write fills it in',
  (field) => {
    change((manifest) => delete manifest[field]);
    const refused = check();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(`expected "${field}" to be`);
    expect(check('--write').status).toBe(0);
    expect(check().status).toBe(0);
  },
);

it.each([
  ['keywords', ['one'], 'at least three keywords'],
  ['description', 'short', 'a description'],
  ['version', '0.1', 'expected a version, got 0.1'],
  ['publishConfig', { access: 'public', provenance: true }, '"publishConfig"'],
  ['scripts', { postinstall: 'true' }, 'no script that runs when the package is installed'],
  ['files', ['dist'], 'CHANGELOG.md among "files"'],
])('rejects a package whose %s cannot be published', (field, value, message) => {
  change((manifest) => (manifest[field] = value));
  const { status, stderr } = check();
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});

it('rejects a package without a README', () => {
  rmSync(join(directory, 'README.md'));
  expect(check()).toMatchObject({ status: 1, stderr: 'packages/folder: expected a file README.md\n' });
});
