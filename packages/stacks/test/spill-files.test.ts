import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spillFiles } from '../src/stream/spill-files.ts';

const system = vi.hoisted(() => ({
  unnamedFiles: true,
  /** The error with which every attempt to open or write a file fails. */
  failure: undefined as NodeJS.ErrnoException | undefined,
}));
vi.mock('node:fs', async (load) => {
  const fs = await load<typeof import('node:fs')>();
  return {
    ...fs,
    openSync: (path: string, flags: string | number, mode?: number) => {
      if (system.failure) throw system.failure;
      const isUnnamed = typeof flags === 'number';
      if (isUnnamed && !system.unnamedFiles) throw Object.assign(new Error(), { code: 'EOPNOTSUPP' });
      return fs.openSync(path, flags, mode);
    },
    writeSync: (...given: Parameters<typeof fs.writeSync>) => {
      if (system.failure) throw system.failure;
      return fs.writeSync(...given);
    },
  };
});

let directory = '';
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'spill-test-'))));
afterEach(() => {
  system.unnamedFiles = true;
  system.failure = undefined;
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

/** Makes an error as Node reports it. Some error codes have no name in Node. */
const failureOf = (code: string, errno: number): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: it failed`), { code, errno: -errno });

describe('the error says what failed and what to do:', () => {
  it.each([
    ['ENOSPC', constants.errno.ENOSPC, 'ENOSPC: it failed; free some disk space there, '],
    [
      'Unknown system error -122',
      constants.errno.EDQUOT,
      'EDQUOT: disk quota exceeded; free some disk space there, ',
    ],
    ['EMFILE', constants.errno.EMFILE, 'EMFILE: it failed; allow more memory (--memory), '],
    ['ENFILE', constants.errno.ENFILE, 'ENFILE: it failed; allow more memory (--memory), '],
    ['EACCES', constants.errno.EACCES, 'EACCES: it failed; choose a writable directory '],
  ])('%s', (code, errno, reason) => {
    system.failure = failureOf(code, errno);
    expect(() => spillFiles(directory).create()).toThrow(
      expect.objectContaining({
        code: 'SPILL_FAILED',
        message: expect.stringContaining(
          `cannot create a temporary file in ${directory}: ${reason}`,
        ) as string,
        cause: system.failure,
      }),
    );
  });
  it('the disk becomes full after some bytes were written', () => {
    const file = spillFiles(directory).create();
    file.write(Uint8Array.of(1, 2, 3));
    system.failure = failureOf('ENOSPC', constants.errno.ENOSPC);
    expect(() => file.write(Uint8Array.of(4))).toThrow(
      `cannot write a temporary file in ${directory} after 3 bytes: ENOSPC: it failed; free some disk space there`,
    );
    file.remove();
  });
});
