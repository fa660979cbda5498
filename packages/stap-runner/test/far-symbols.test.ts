import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess } from '../../../testing/processes.ts';
import { readExported, readKernelSymbols, readPerfMap } from '../src/index.ts';
import { standInForSsh } from './programs.ts';

const isRoot = process.geteuid!() === 0;
/** The unprivileged user `nobody`. */
const NOBODY = 65_534;
const MAP = '1000 20 compiled\n2000 20 other\n';

describe("a process's perf map", () => {
  let pid: number;
  let file: string;
  beforeEach(() => {
    ({ pid } = startProcess('sleep', ['infinity'], { stdio: 'ignore' }) as { pid: number });
    file = `/tmp/perf-${pid}.map`;
  });
  afterEach(() => rmSync(file, { recursive: true, force: true }));

  it('is read unchanged', async () => {
    writeFileSync(file, MAP);
    expect(await readPerfMap({}, pid)).toBe(MAP);
  });

  it.each([
    ['it does not exist', (): void => undefined],
    ['it is a link', (): void => symlinkSync('/etc/hostname', file)],
    ['it is a pipe', (): void => void execFileSync('mkfifo', [file])],
    ['it is a directory', (): void => mkdirSync(file)],
    [
      'it is too large',
      (): void => {
        writeFileSync(file, MAP);
        truncateSync(file, 2 ** 25 + 1);
      },
    ],
  ])('is not read if %s', async (_, make) => {
    make();
    expect(await readPerfMap({}, pid)).toBeUndefined();
  });

  it.runIf(isRoot)('is not read if it belongs to another user', async () => {
    writeFileSync(file, MAP);
    chownSync(file, NOBODY, NOBODY);
    expect(await readPerfMap({}, pid)).toBeUndefined();
  });

  it.runIf(isRoot)("is read with the rights of the process's user, not of root", async () => {
    const child = startProcess('sleep', ['infinity'], { stdio: 'ignore', uid: NOBODY, gid: NOBODY });
    file = `/tmp/perf-${child.pid}.map`;
    writeFileSync(file, MAP, { mode: 0o400 });
    chownSync(file, NOBODY, NOBODY);
    expect(await readPerfMap({}, child.pid!)).toBe(MAP);
  });
});

it.runIf(isRoot)("readKernelSymbols lists only the kernel's functions", async () => {
  const text = await readKernelSymbols({});
  if (text === undefined) return;
  expect(text).toMatch(/^(?:[0-9a-f]+ [tTwW] \S+(?:\t\[\S+\])?\n)+$/);
});

describe('exported functions', () => {
  const file = (name: string): string =>
    fileURLToPath(new URL(`../../symbols/test/fixtures/elf/exported/${name}`, import.meta.url));

  it('are listed with their sizes for files in which only exported functions have names', async () => {
    const [stripped, whole] = [file('stripped.so'), file('whole.so')];
    expect(await readExported({}, [stripped, whole, '/etc/hostname', '/dev/null'])).toEqual({
      [stripped]: expect.stringMatching(/^14 first$/m),
    });
  });

  it('are not listed for files that do not exist', async () => {
    expect(await readExported({}, ['/nonexistent/a.so', '/nonexistent/b.so'])).toEqual({});
  });

  it('are not requested from the host if the list of files is empty', async () => {
    const directory = temporaryDirectory();
    expect(await readExported({ host: 'web1', ssh: standInForSsh(directory) }, [])).toEqual({});
    expect(existsSync(join(directory, 'connected'))).toBe(false);
  });
});
