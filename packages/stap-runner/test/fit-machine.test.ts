import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd, privateDirectory } from '../../../testing/cleanup.ts';
import { inspectFit, makeFit, type Fit } from '../src/index.ts';
import { program, standInForSsh } from './programs.ts';
import { writeSystem } from './system.ts';

const user = process.geteuid!();
const mount = 'mount -t tmpfs -o mode=755 none /var/cache';
const canMount = user === 0 && spawnSync('unshare', ['--mount', 'sh', '-c', mount]).status === 0;
/** The mismatches in the made-up system. */
const FOUND = ['task-work-cancel', 'user-addr-max', 'page-end'];
const codes = ({ misfits }: Fit): readonly string[] => misfits.map(({ code }) => code);

let directory: string;
/** A directory at the start of PATH. Programs in this directory are found first. */
let programs: string;
const path = (...parts: string[]): string => join(directory, ...parts);
/** Whether the stand-in for ssh (`connected`) or for sudo (`sudo-ed`) was started. */
const wasStarted = (name: 'connected' | 'sudo-ed'): boolean => existsSync(join(programs, name));

/** Writes a stand-in for the shell that looks for kernel headers where the test has put them. */
function shell(run = 'exec /bin/sh -c "$script"'): void {
  program(
    programs,
    'sh',
    `script=$(printf '%s\\n' "$2" | sed 's,/lib/modules,${path('modules')},g')\n${run}\n`,
  );
}

beforeEach(() => {
  directory = privateDirectory();
  programs = path('programs');
  mkdirSync(programs);
  shell();
  program(programs, 'sudo', `[ "$1" = -n ] || exit 1\necho > '${programs}/sudo-ed'\nshift; exec "$@"\n`);
  const before = process.env['PATH'];
  process.env['PATH'] = `${programs}:${before}`;
  atEnd(() => (process.env['PATH'] = before));
});

describe('mismatches are looked for', () => {
  it('on this machine, with the headers of the running kernel', async () => {
    const fit = await inspectFit({ stap: writeSystem(directory, release()) });
    expect(codes(fit)).toEqual(FOUND);
    expect(fit.diff).toContain('+typedef typeof(&task_work_cancel_func) task_work_cancel_fn;\n');
    expect(fit.runtime).toBeUndefined();
    expect(wasStarted('sudo-ed')).toBe(false);
  });

  it.each([true, false])('on the host where stap runs, with sudo: %s', async (sudo) => {
    const stap = writeSystem(directory, release());
    const fit = await inspectFit({ host: 'web1', ssh: standInForSsh(programs), stap, sudo });
    expect(codes(fit)).toEqual(FOUND);
    expect(wasStarted('connected')).toBe(true);
    expect(wasStarted('sudo-ed')).toBe(sudo);
  });

  it('on this machine and without sudo if this machine compiles for the kernel of a host', async () => {
    const stap = writeSystem(directory, '6.1.0-other');
    const options = { host: 'web1', ssh: standInForSsh(programs), stap };
    expect(codes(await inspectFit({ ...options, compileFor: '6.1.0-other' }))).toEqual(FOUND);
    expect(codes(await inspectFit({ ...options, compileFor: '6.1.0-third' }))).toEqual([]);
    expect(wasStarted('connected')).toBe(false);
    expect(wasStarted('sudo-ed')).toBe(false);
  });

  it('without success, but also without an error, if the connection to the host fails', async () => {
    const options = { host: 'web1', stap: writeSystem(directory, release()) };
    for (const ssh of ['/nonexistent/ssh', '/etc/hostname/ssh', '/bin/false'])
      expect(codes(await inspectFit({ ...options, ssh }))).toEqual([]);
  });
});

describe('a patched copy', () => {
  it("is in the user's cache, in the home directory given by the user database", async () => {
    program(programs, 'id', `echo ${user || 1234}\n`);
    program(
      programs,
      'getent',
      `[ "$*" = 'passwd ${user || 1234}' ] && echo 'u:x:1:1::${path('home')}:/bin/sh'\n`,
    );
    const fit = await makeFit({ stap: writeSystem(directory, release()) });
    expect(fit.refused).toBeUndefined();
    expect(fit.runtime).toMatch(/\/home\/\.cache\/stapflame\/runtime-[0-9a-f]{16}$/);
    expect(existsSync(join(fit.runtime!, 'linux/addr-map.c'))).toBe(true);
  });

  it.runIf(canMount)("is in the system's cache if the user is root", async () => {
    // only the script sees this cache
    shell(`export script\nexec unshare --mount /bin/sh -c '${mount} && eval "$script"'`);
    const fit = await makeFit({ stap: writeSystem(directory, release()) });
    expect(fit.refused).toBeUndefined();
    expect(fit.runtime).toMatch(/^\/var\/cache\/stapflame\/runtime-[0-9a-f]{16}$/);
  });
});
