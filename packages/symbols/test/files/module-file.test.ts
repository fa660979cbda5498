import { chmodSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../../testing/cleanup.ts';
import { unpackMiniDebugInfo } from '../../src/files/mini-debug-info.ts';
import { locate, type DebugSources, type Located } from '../../src/files/module-file.ts';
import { readAt } from '../../src/files/read-at.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/elf', import.meta.url));
const PIE = join(FIXTURES, 'debug/pie.debug');
const FIXED = join(FIXTURES, 'debug/fixed.debug');
const PIE_ID = '83b1cefa8dcbdb2eb5a85adcb96b0f7d972cd2d4';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});

/** Creates a shell script with this name, and sets PATH to its directory and the system's programs. */
function installed(name: string, script: string): void {
  const program = join(directory, name);
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${directory}:/usr/bin:/bin`);
  atEnd(() => vi.unstubAllEnvs());
}

const located = (sources: Partial<DebugSources>, module = '/opt/gone', buildId = PIE_ID): Promise<Located> =>
  locate(module, buildId, { files: [], directories: [], debuginfod: false, ...sources });

const pathOf = (found: Located): string | undefined => ('file' in found ? found.file.path : undefined);
const reasonOf = (found: Located): string | undefined => ('reason' in found ? found.reason : undefined);

describe("the file with a module's names", () => {
  it('is the first file from the user that has the build-id, whatever its name', async () => {
    expect(pathOf(await located({ files: ['/opt/none', FIXED, PIE] }))).toBe(PIE);
    expect(pathOf(await located({ files: [FIXED, PIE] }, '/opt/fixed'))).toBe(PIE);
  });

  it('is not a file from the user that has the build-id but no names', async () => {
    expect(pathOf(await located({ files: [join(FIXTURES, 'stripped/pie')] }))).toBeUndefined();
  });

  it('is searched for only in the directories if the path of the module is relative', async () => {
    const module = relative(process.cwd(), PIE);
    expect(pathOf(await located({ directories: [join(FIXTURES, 'debug')] }, module))).toBe(PIE);
    expect(reasonOf(await located({}, module))).toMatch(/neither the file/);
    expect(pathOf(await located({}, PIE))).toBe(PIE);
  });

  it('cannot be a module without a build-id', async () => {
    const module = join(directory, 'module');
    const header = Buffer.alloc(64);
    header.write('\x7fELF\x02\x01', 'latin1');
    writeFileSync(module, header);
    expect(reasonOf(await located({}, module))).toMatch(/its build-id is absent/);
    // the section table is at an offset beyond the end of any file
    header.writeBigUInt64LE(1n << 60n, 40);
    header.writeUInt16LE(64, 58);
    header.writeUInt16LE(1, 60);
    writeFileSync(module, header);
    expect(reasonOf(await located({}, module))).toMatch(/its build-id is absent/);
  });
});

describe('debuginfod', () => {
  it('is asked for the build-id, and the file that it finds is used', async () => {
    installed('debuginfod-find', `[ "$*" = "debuginfo ${PIE_ID}" ] && echo "${PIE}"`);
    expect(pathOf(await located({ debuginfod: true }))).toBe(PIE);
  });

  it.each([
    ['its file is from another build', `echo "${FIXED}"`],
    ['it has no file', 'echo "No such file" >&2; exit 1'],
  ])('adds no names if %s', async (_, script) => {
    installed('debuginfod-find', script);
    expect(reasonOf(await located({ debuginfod: true }))).toMatch(/neither the file nor debug information/);
  });

  it('is not asked unless the user enables it', async () => {
    installed('debuginfod-find', `echo "${PIE}"`);
    expect(pathOf(await located({}))).toBeUndefined();
  });
});

describe('mini debug information', () => {
  it('of more than 64 MiB is not read', async () => {
    const part = { offset: 0, size: (1 << 26) + 1 };
    expect(await unpackMiniDebugInfo('/opt/none', part)).toBe('its mini debug information is too large');
  });

  it('that expands to more than 256 MiB is not decompressed completely', async () => {
    installed('xz', 'exec yes endless');
    expect(await unpackMiniDebugInfo(PIE, { offset: 0, size: 1 })).toMatch(/expands to more than 256 MiB/);
  });

  it('is not decompressed without xz', async () => {
    vi.stubEnv('PATH', directory);
    atEnd(() => vi.unstubAllEnvs());
    expect(await unpackMiniDebugInfo(PIE, { offset: 0, size: 1 })).toMatch(/install xz-utils or xz/);
  });
});

it('no bytes are read at an offset beyond the end of any file', () => {
  const file = openSync(PIE, 'r');
  atEnd(() => closeSync(file));
  expect(Buffer.from(readAt(file, 1, 3)).toString()).toBe('ELF');
  expect(readAt(file, 2 ** 60, 3).length).toBe(0);
});
