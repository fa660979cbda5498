import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd, privateDirectory } from '../../../testing/cleanup.ts';
import {
  kernelNamesScript,
  makeKernelNames,
  parseKernelNames,
  type KernelNames,
} from '../src/fit/kernel-names.ts';
import { program, standInForSsh } from './programs.ts';
import { run } from './run.ts';

const RELEASE = execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim();
/** Per-CPU offsets, functions (two with the same name), data, and a function in a module. */
const KALLSYMS = `0000000000000000 A fixed_percpu_data
0000000000000000 t hidden
ffffffff81000000 T _stext
ffffffff81000000 T _text
ffffffff8100a0d0 t cleanup
ffffffff8110beef t cleanup
ffffffff81234567 t finish_task_switch.isra.0
ffffffff82000000 W weak
ffffffff82345678 D data
ffffffffc0000000 t in_module\t[ext4]
`;

let directory: string;
let cache: string;
const path = (...parts: string[]): string => join(directory, ...parts);

beforeEach(() => {
  directory = privateDirectory();
  cache = path('cache', 'stapflame');
  writeFileSync(path('kallsyms'), KALLSYMS);
});

function make(environment: NodeJS.ProcessEnv = {}): KernelNames {
  const script = kernelNamesScript({ stap: 'sh', kallsyms: path('kallsyms'), root: directory, cache });
  const { stdout, stderr } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  expect(stderr).toBe('');
  return parseKernelNames(stdout);
}

function assemble(source: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  execFileSync('as', ['-o', file, '-'], { input: `${source}\n` });
}

function directoryOf({ debuginfoPath }: KernelNames): string {
  return debuginfoPath!.slice(debuginfoPath!.lastIndexOf(':') + 1);
}

describe("the kernel's functions", () => {
  it('are symbols at their addresses, with duplicate names but without modules and data', () => {
    const file = join(directoryOf(make()), 'boot', `vmlinux-${RELEASE}`);
    const symbols = execFileSync('readelf', ['-sW', file], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , type]) => type === 'FUNC')
      .map(([, address, , , , , , name]) => `${address} ${name}`);
    expect(symbols.toSorted()).toEqual([
      'ffffffff81000000 _stext',
      'ffffffff81000000 _text',
      'ffffffff8100a0d0 cleanup',
      'ffffffff8110beef cleanup',
      'ffffffff81234567 finish_task_switch.isra.0',
      'ffffffff82000000 weak',
    ]);
  });

  it('are found after the places where stap looks anyway, or those that the user has chosen', () => {
    expect(make().debuginfoPath).toMatch(/^\+:\.debug:\/usr\/lib\/debug:.*:build:\//);
    expect(make({ SYSTEMTAP_DEBUGINFO_PATH: '/mine' }).debuginfoPath).toBe(`/mine:${directoryOf(make())}`);
  });

  it('are kept for the next run, in a directory that only its user can enter', () => {
    const first = make();
    const names = directoryOf(first);
    const { mtimeMs } = statSync(names);
    expect(first.made).toBe(names);
    expect(make()).toEqual({ debuginfoPath: first.debuginfoPath });
    expect(statSync(names).mtimeMs).toBe(mtimeMs);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([names]);
  });

  it.each([
    'boot/vmlinux-RELEASE',
    'usr/lib/debug/boot/vmlinux-RELEASE',
    'usr/lib/debug/lib/modules/RELEASE/vmlinux',
    'lib/modules/RELEASE/build/vmlinux',
  ])('are not needed if %s has them', (name) => {
    assemble('.globl _stext\n_stext:', path(name.replace('RELEASE', RELEASE)));
    expect(make()).toEqual({});
  });

  it("are made if the kernel's headers contain a vmlinux without functions", () => {
    const file = path(`lib/modules/${RELEASE}/build/vmlinux`);
    assemble('.section .BTF\n__BTF_ID__func__schedule__1:', file);
    expect(make().made).toBe(directoryOf(make()));
    writeFileSync(file, 'not an ELF file');
    rmSync(cache, { recursive: true });
    expect(make().made).toBe(directoryOf(make()));
  });

  it('are not made if the kernel hides its addresses', () => {
    writeFileSync(path('kallsyms'), KALLSYMS.replaceAll(/^[0-9a-f]+/gm, '0000000000000000'));
    expect(make()).toEqual({});
    expect(existsSync(cache)).toBe(false);
  });

  it.each([
    ['it is a link', (names: string) => symlinkSync('/', names)],
    ['other users can write to it', (names: string) => (mkdirSync(names), chmodSync(names, 0o777))],
  ])('are refused if somebody could have planted them: %s', (_, plant) => {
    const names = directoryOf(make());
    rmSync(names, { recursive: true });
    plant(names);
    expect(make()).toEqual({ refused: `${names} was not created by stapflame; remove ${names}` });
  });
});

describe('they are made', () => {
  let programs: string;
  /** Whether the stand-in for ssh or for sudo was started. */
  const wasStarted = (name: 'connected' | 'sudo-ed'): boolean => existsSync(join(programs, name));

  beforeEach(() => {
    programs = path('programs');
    mkdirSync(programs);
    program(programs, 'sh', "echo 'path /names'\n");
    const before = process.env['PATH'];
    process.env['PATH'] = `${programs}:${before}`;
    atEnd(() => (process.env['PATH'] = before));
  });

  it.each([true, false])('on this machine, with sudo: %s', async (sudo) => {
    if (sudo) {
      program(programs, 'sh', 'exec /bin/sh "$@"\n');
      program(programs, 'sudo', `echo > '${programs}/sudo-ed'\necho 'path /names'\n`);
    }
    expect(await makeKernelNames({ sudo })).toEqual({ debuginfoPath: '/names' });
    expect(wasStarted('sudo-ed')).toBe(sudo);
  });

  it('on the host where stap runs', async () => {
    const host = { host: 'web1', ssh: standInForSsh(programs), sudo: false };
    expect(await makeKernelNames(host)).toEqual({ debuginfoPath: '/names' });
    expect(wasStarted('connected')).toBe(true);
  });

  it('not if a module is compiled for the kernel of another machine', async () => {
    const host = { host: 'web1', ssh: standInForSsh(programs), compileFor: '6.1.0' };
    expect(await makeKernelNames(host)).toEqual({});
    expect(wasStarted('connected')).toBe(false);
  });
});

it('stap is told where to find debug information', async () => {
  const { trace } = await run({ debuginfoPath: '/a b:/c', stapArguments: ['environment'] });
  expect(trace.toString()).toBe('/a b:/c\n');
});
