import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { spillFiles } from '../src/stream/spill-files.ts';

const system = vi.hoisted(() => ({ unnamedFiles: true }));
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof import('node:fs')>();
  return {
    ...fs,
    openSync: (path: string, flags: string | number, mode?: number) => {
      const isUnnamed = typeof flags === 'number';
      if (isUnnamed && !system.unnamedFiles) throw Object.assign(new Error(), { code: 'EOPNOTSUPP' });
      return fs.openSync(path, flags, mode);
    },
  };
});

let directory = '';
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'spill-test-'))));
afterEach(() => {
  system.unnamedFiles = true;
  rmSync(directory, { recursive: true });
});

it.each([true, false])('a file has no name while it is used (system supports unnamed files: %s)', (has) => {
  system.unnamedFiles = has;
  const file = spillFiles(directory).create();
  expect(readdirSync(directory)).toEqual([]);
  file.write(Uint8Array.of(1, 2, 3));
  const read = new Uint8Array(2);
  expect(file.read(read, 1)).toBe(2);
  expect(read).toEqual(Uint8Array.of(2, 3));
  file.remove();
});

it.each([true, false])(
  "the directory's name need not be valid UTF-8 (system supports unnamed files: %s)",
  (has) => {
    system.unnamedFiles = has;
    const own = Buffer.concat([Buffer.from(`${directory}/`), Buffer.of(0xff)]);
    mkdirSync(own);
    spillFiles(own).create().remove();
    expect(readdirSync(directory, 'buffer')).toEqual([Buffer.of(0xff)]);
  },
);
