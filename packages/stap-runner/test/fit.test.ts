import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { privateDirectory } from '../../../testing/cleanup.ts';
import { parseFit, type Fit } from '../src/fit/fit.ts';
import { fitScript } from '../src/fit/script.ts';
import { RUNTIME, write, writeSystem } from './system.ts';

const RELEASE = '6.1.0-test';

let directory: string;
let cache: string;
const path = (...parts: string[]): string => join(directory, ...parts);
const runtime = (...parts: string[]): string => path('share/systemtap/runtime', ...parts);
const header = (name: string): string => path('modules', RELEASE, 'source', name);

beforeEach(() => {
  directory = privateDirectory();
  cache = path('cache', 'stapflame');
  writeSystem(directory, RELEASE);
});

function ask(make: 'look' | 'make'): Fit {
  const script = fitScript(
    { stap: path('bin/stap'), release: RELEASE, modules: path('modules'), cache },
    make,
  );
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return parseFit(stdout);
}
const codes = ({ misfits }: Fit): readonly string[] => misfits.map(({ code }) => code);
const installed = (): string =>
  execFileSync('sh', ['-c', `cd ${runtime()} && find . -type f | sort | xargs sha256sum`], {
    encoding: 'utf8',
  });

describe('mismatches between SystemTap and the kernel', () => {
  it("are detected from SystemTap's runtime and the kernel's headers, and the changes that fix them are shown", () => {
    const fit = ask('look');
    expect(codes(fit)).toEqual(['task-work-cancel', 'user-addr-max', 'page-end']);
    expect(fit.misfits.every(({ curable }) => curable)).toBe(true);
    expect(fit.diff).toContain('+typedef typeof(&task_work_cancel_func) task_work_cancel_fn;\n');
    expect(fit.diff.match(/^[+](?![+])/gm)).toHaveLength(5);
    expect(existsSync(cache)).toBe(false);
  });

  it('include uprobe_unregister on Linux 6.12', () => {
    write(header('include/linux/uprobes.h'), 'extern void uprobe_unregister_nosync(struct uprobe *);\n');
    expect(codes(ask('look'))).toContain('uprobe-unregister');
  });

  it('are not reported if SystemTap supports the kernel', () => {
    write(runtime('stp_task_work.c'), '"task_work_cancel_func"\n');
    write(runtime('linux/addr-map.c'), '#elif defined(TASK_SIZE_MAX)\n');
    expect(ask('look')).toEqual({ misfits: [], diff: '', runtime: undefined, refused: undefined });
    expect(ask('make').runtime).toBeUndefined();
  });

  it('are not reported if they are minor and the source is unknown or already fits', () => {
    write(runtime('stp_task_work.c'), '"task_work_cancel_func"\n');
    expect(codes(ask('look'))).toEqual(['user-addr-max', 'page-end']);
    write(runtime('transport/relay_v2.c'), 'another\n');
    expect(codes(ask('look'))).toEqual(['user-addr-max']);
    write(runtime('transport/relay_v2.c'), RUNTIME['transport/relay_v2.c']);
    write(runtime('print_flush.c'), '/* Cannot have header straddle sub buffers. */\n');
    expect(codes(ask('look'))).toEqual(['user-addr-max']);
  });

  it('are not reported without kernel headers or with an older kernel', () => {
    rmSync(path('modules'), { recursive: true });
    expect(codes(ask('look'))).toEqual([]);
    write(
      header('include/linux/task_work.h'),
      'struct callback_head *task_work_cancel(struct task_struct *);\n',
    );
    write(header('include/linux/uaccess.h'), '#define user_addr_max() (get_fs().seg)\n');
    expect(codes(ask('look'))).toEqual([]);
  });

  it('are not fixed if the source is not the one that the patch was made for', () => {
    write(runtime('stp_task_work.c'), RUNTIME['stp_task_work.c'].replace('typeof', '__typeof__'));
    const fit = ask('make');
    expect(fit.misfits).toMatchObject([
      { code: 'task-work-cancel', curable: false },
      { code: 'user-addr-max', curable: true },
      { code: 'page-end', curable: true },
    ]);
    expect(readFileSync(join(fit.runtime!, 'stp_task_work.c'), 'utf8')).toContain('__typeof__');
  });
});

describe('a patched copy', () => {
  it('contains the edits and is otherwise identical to the installed runtime, which stays unchanged', () => {
    const before = installed();
    const { runtime: copy, refused } = ask('make');
    expect(refused).toBeUndefined();
    expect(readFileSync(join(copy!, 'linux/addr-map.c'), 'utf8')).toContain('#elif defined(TASK_SIZE_MAX)\n');
    expect(readFileSync(join(copy!, 'other.c'), 'utf8')).toBe(RUNTIME['other.c']);
    expect(installed()).toBe(before);
  });

  it('is the only entry in a cache directory that only its user can enter', () => {
    const copy = ask('make').runtime!;
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([copy]);
  });

  it('is reused while the runtime is unchanged, and replaced by a new copy if the runtime changes', () => {
    const first = ask('make').runtime!;
    expect(ask('make').runtime).toBe(first);
    write(runtime('other.c'), 'int newer;\n');
    expect(ask('make').runtime).not.toBe(first);
  });

  it.each([
    [
      'one of its files was changed',
      (copy: string) => appendFileSync(join(copy, 'other.c'), 'int planted;\n'),
    ],
    ['a file was added', (copy: string) => writeFileSync(join(copy, 'planted.c'), 'int planted;\n')],
    ['one of its files is missing', (copy: string) => rmSync(join(copy, 'other.c'))],
    [
      'one of its files is a link',
      (copy: string) => {
        rmSync(join(copy, 'other.c'));
        symlinkSync(runtime('other.c'), join(copy, 'other.c'));
      },
    ],
    ['other users can write to one of its files', (copy: string) => chmodSync(join(copy, 'other.c'), 0o666)],
    [
      'it is a link',
      (copy: string) => {
        rmSync(copy, { recursive: true });
        symlinkSync(runtime(), copy);
      },
    ],
  ])('is refused if %s', (_, plant) => {
    const copy = ask('make').runtime!;
    plant(copy);
    const { runtime: used, refused } = ask('make');
    expect(used).toBeUndefined();
    expect(refused).toContain(`remove ${copy}`);
  });

  it.each([
    ['the cache directory is a link', () => symlinkSync(runtime(), cache)],
    [
      'other users can write to a parent of the cache directory',
      () => {
        mkdirSync(cache);
        chmodSync(dirname(cache), 0o777);
      },
    ],
  ])('is refused if %s', (_, plant) => {
    mkdirSync(dirname(cache), { recursive: true });
    plant();
    const { runtime: used, refused } = ask('make');
    expect(used).toBeUndefined();
    expect(refused).toBeDefined();
  });
});
