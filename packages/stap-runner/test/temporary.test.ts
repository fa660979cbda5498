import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../src/temporary.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'temporary-test-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const namespaceOf = (name: string): string => name.split('-')[1]!;

it('removes what a process left that is gone, with what is in it, and follows no link', () => {
  const own = temporaryDirectory(parent);
  const { pid } = spawnSync('true');
  const left = own.replace(`-${process.pid}-`, `-${pid}-`);
  mkdirSync(left, { mode: 0o700 });
  mkdirSync(join(left, 'deep'));
  const kept = join(parent, 'kept');
  mkdirSync(kept);
  writeFileSync(join(kept, 'file'), '');
  symlinkSync(kept, join(left, 'deep', 'link'));
  const next = temporaryDirectory(parent);
  expect(readdirSync(parent).toSorted()).toEqual(
    ['kept', own, next].map((path) => path.split('/').at(-1)).toSorted(),
  );
  expect(existsSync(join(kept, 'file'))).toBe(true);
});

it('needs no permission to list what else is there', () => {
  const isRoot = process.getuid!() === 0;
  chmodSync(parent, 0o755);
  const closed = join(parent, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o333);
  // root may list anything
  if (isRoot) process.seteuid!(65_534);
  try {
    expect(() => readdirSync(closed)).toThrow('EACCES');
    expect(existsSync(temporaryDirectory(closed))).toBe(true);
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(closed, 0o755);
  }
});

it('leaves a directory that others may write: somebody could have moved it here', () => {
  const own = temporaryDirectory(parent);
  const { pid } = spawnSync('true');
  const moved = own.replace(`-${process.pid}-`, `-${pid}-`);
  mkdirSync(moved);
  chmodSync(moved, 0o777);
  temporaryDirectory(parent);
  expect(existsSync(moved)).toBe(true);
});

it('leaves what belongs to a process that lives, to another namespace, and what is no directory', () => {
  const own = temporaryDirectory(parent);
  const { pid } = spawnSync('true');
  const namespace = namespaceOf(own.split('/').at(-1)!);
  const names = [
    `stapflame-${namespace}-1-abcdef`,
    `stapflame-1${namespace}-${pid}-abcdef`,
    `stapflame-${pid}`,
  ];
  for (const name of names) mkdirSync(join(parent, name), { mode: 0o700 });
  symlinkSync('/', join(parent, `stapflame-${namespace}-${pid}-abcdef`));
  temporaryDirectory(parent);
  expect(readdirSync(parent)).toEqual(
    expect.arrayContaining([...names, `stapflame-${namespace}-${pid}-abcdef`]),
  );
});
