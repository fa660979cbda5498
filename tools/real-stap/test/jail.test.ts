import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf } from '../laboratory/fold.ts';
import {
  boot,
  prepare,
  runtimeArguments,
  scratch,
  stapCommand,
  target,
  type Laboratory,
} from '../laboratory/machine.ts';

const STAPFLAME = fileURLToPath(new URL('../../../packages/cli/bundle/bin/main.js', import.meta.url));
const PROGRAM = '/srv/app/shares';
const SECONDS = 3;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/**
 * On this machine, `record` samples the hostile process and compiles with real stap. The emulated machine runs the same
 * program in the same chroot, with the same process ID, and loads the module.
 */
describe('a program in its own chroot, run by user nobody, that maps files at kernel paths', () => {
  let laboratory: Laboratory;
  /** A separate directory, because user nobody may not be allowed to enter the laboratory's directory. */
  let outside: string;
  let directory: string;
  let jail: string;
  let traps: readonly string[];
  const children: ChildProcess[] = [];

  function put(file: string, at: string): void {
    mkdirSync(dirname(join(jail, at)), { recursive: true });
    copyFileSync(file, join(jail, at));
    chmodSync(join(jail, at), 0o755);
  }

  beforeAll(() => {
    laboratory = prepare();
    directory = scratch(laboratory);
    outside = mkdtempSync(join(tmpdir(), 'jail.'));
    chmodSync(outside, 0o755);
    jail = join(outside, 'jail');
    const program = target(laboratory, 'shares');
    put(program, PROGRAM);
    put('/bin/sh', '/bin/sh');
    const listed = ['/bin/sh', program, process.execPath].map((file) =>
      execFileSync('ldd', [file], { encoding: 'utf8' }),
    );
    for (const [, library] of listed.join('').matchAll(/(\/\S+) \(0x/g)) put(library!, library!);
    const [, mathematics] = /(\/\S+\/libm\.so\S*) \(0x/.exec(listed.join(''))!;
    traps = ['/boot', '/usr/lib/debug'].map((place) => `${place}/${basename(outside)}.so`);
    for (const trap of traps) put(mathematics!, trap);
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    for (const trap of traps) rmSync(trap, { force: true });
    for (const made of [outside, directory]) rmSync(made, { recursive: true });
  });

  it('has its functions named, and nothing on the host is written', async () => {
    const inside = `LD_PRELOAD='${traps.join(' ')}' exec ${PROGRAM}`;
    const command = ['unshare', '--map-root-user', 'chroot', jail, '/bin/sh', '-c', inside];
    const [file, ...args] = [...AS_NOBODY, ...command];
    const child = spawn(file!, args, { stdio: 'inherit' });
    children.push(child);
    const pid = child.pid!;
    const maps = (): string => readFileSync(`/proc/${pid}/maps`, 'utf8');
    await expect
      .poll(() => [PROGRAM, ...traps].every((each) => maps().includes(each)), { timeout: 30_000 })
      .toBe(true);

    const job = join(directory, 'job');
    const bin = join(directory, 'bin');
    for (const made of [job, bin]) mkdirSync(made);
    const words = join(directory, 'words');
    const stap = `#!/bin/sh
printf '%s\\n' "$@" > ${words}
exec ${stapCommand(laboratory).join(' ')} -r ${laboratory.release} ${runtimeArguments(laboratory).join(' ')} -p4 -m run_jail "$@"
`;
    writeFileSync(join(bin, 'stap'), stap, { mode: 0o755 });
    const record = spawn(
      process.execPath,
      [STAPFLAME, 'record', '-p', String(pid), '-u', '-t', String(SECONDS), '-o', '/dev/null'],
      {
        cwd: job,
        // stap's root directory is the distribution's, where only the laboratory's directory is visible
        env: { ...process.env, TMPDIR: directory, PATH: `${bin}:${process.env['PATH']}` },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    children.push(record);
    const [messages] = await Promise.all([text(record.stderr), once(record, 'close')]);
    child.kill('SIGKILL');
    expect(traps.filter((trap) => existsSync(trap))).toEqual([]);
    expect({ messages, compiled: existsSync(join(job, 'run_jail.ko')) }).toMatchObject({ compiled: true });
    const given = readFileSync(words, 'utf8').split('\n');
    expect(given).toContain(PROGRAM);
    for (const trap of traps) expect(given).not.toContain(trap);

    execFileSync('cp', ['-a', jail, join(job, 'jail')]);
    writeFileSync(
      join(job, 'run.sh'),
      `echo 4194304 > /proc/sys/kernel/pid_max
echo ${pid - 1} > /proc/sys/kernel/ns_last_pid
chroot /job/jail /bin/sh -c "${inside}" &
sleep 1
[ -d /proc/${pid} ] || echo 'wrong pid' >&2
staprun -b ${given[given.indexOf('-s') + 1]} -x ${pid} /job/run_jail.ko > /out/trace 2> /out/messages
`,
    );
    const results = join(directory, 'results');
    await boot(job, results);
    const trace = readFileSync(join(results, 'trace'));
    expect(trace.toString()).toContain(`[${PROGRAM}]`);
    const folded = await fold(trace);
    expect(folded.summary.complete).toBe(true);
    expect(weightOf(folded, 'heavy_part')).toBeGreaterThan(weightOf(folded, 'light_part'));
    expect(weightOf(folded, '[unknown]')).toBeLessThan(folded.total / 20);
  }, 900_000);
});
