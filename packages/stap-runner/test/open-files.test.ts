import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import {
  canSpawn,
  inspect,
  inspectFit,
  readKernelSymbols,
  regularFiles,
  type RunnerOptions,
} from '../src/index.ts';
import { standInForSsh } from './programs.ts';
import { run } from './run.ts';

/** Limit on open files: more than a process has open when the tests begin, but few enough to be opened quickly. */
const LIMIT = 1024;
let directory: string;
/** Options for a host that would accept a connection. The stand-in for ssh would record the connection in a file. */
let far: RunnerOptions;

function setLimit(limit: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${limit}:`]);
}

/** Opens files until this process is not allowed to open any more. They are closed when the test ends. */
function openAll(): void {
  const [, before] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))!;
  setLimit(String(LIMIT));
  atEnd(() => setLimit(before!));
  const opened: number[] = [];
  atEnd(() => opened.forEach((descriptor) => closeSync(descriptor)));
  try {
    for (;;) opened.push(openSync('/dev/null', 'r'));
  } catch (error) {
    expect(error).toMatchObject({ code: 'EMFILE' });
  }
}

beforeEach(() => {
  directory = temporaryDirectory();
  far = { host: 'web1', ssh: standInForSsh(directory), sudo: false };
});

it('no program is started if this process cannot open any more files', async () => {
  openAll();
  expect(canSpawn()).toBe(false);
  expect(await inspect(far)).toMatchObject({ exit: { reason: 'files', exitCode: undefined } });
  expect(await readKernelSymbols(far)).toBeUndefined();
  expect(await regularFiles(far, ['/etc/hostname'])).toEqual([]);
  expect(await inspectFit(far)).toEqual({ misfits: [], diff: '', runtime: undefined, refused: undefined });
  expect(existsSync(join(directory, 'connected'))).toBe(false);
});

it.each([
  ['here', {}],
  ['on a host', { host: 'web1', ssh: '/bin/true' }],
  ['here to compile', { host: 'web1', ssh: '/bin/true', compileFor: '6.1.0-1' }],
])(
  'if too few files can be opened to start a program %s, the failed run is reported as data',
  async (_, options) => {
    openAll();
    const { trace, exit } = await run({ stapArguments: ['replay'], ...options });
    expect(trace).toHaveLength(0);
    expect(exit).toMatchObject({ reason: 'files', exitCode: undefined, messages: '' });
  },
);
