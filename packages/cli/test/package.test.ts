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

it('runs as it is published, with nothing beside it', () => {
  const { bin } = JSON.parse(readFileSync(join(directory, 'package/package.json'), 'utf8')) as {
    bin: { stapflame: string };
  };
  const folded = execFileSync(process.execPath, [join(directory, 'package', bin.stapflame), 'fold', '-q'], {
    input: ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : root+0x1/0x2 [/p]\n\t3\n',
  });
  expect(folded.toString()).toBe('root;leaf 3\n');
});

it('carries the fast scanner where the bundle looks for it, and the licences of what it bundles', () => {
  expect(readFileSync(join(directory, 'package/wasm/tokenizer.wasm')).subarray(1, 4).toString()).toBe('asm');
  expect(readFileSync(join(directory, 'package/bundle/bin/THIRD-PARTY-LICENSES.txt'), 'utf8')).toContain(
    'commander',
  );
  expect(existsSync(join(directory, 'package/test'))).toBe(false);
});
