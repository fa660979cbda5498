import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@stapflame/stap-doctor';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess } from '../../../testing/processes.ts';
import { until } from '../../../testing/until.ts';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => void vi.unstubAllEnvs());

function found(stdout: string): readonly Finding[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Finding);
}

/**
 * Sets PATH to a directory with the programs that the probe needs, and with shell scripts that stand in for the other
 * programs. Facts about the kernel come from the machine that runs the tests.
 */
function machine(programs: Readonly<Record<string, string>>): void {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const needed = 'sh id cat ls sed grep sort head tr od readlink readelf timeout gzip printf gcc make';
  // do not link programs that have a stand-in: writing the stand-in would overwrite the real program
  for (const name of needed.split(' ').filter((each) => !Object.hasOwn(programs, each)))
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755, flag: 'wx' });
  }
  vi.stubEnv('PATH', bin);
}

const STAP = {
  stap: 'echo "Systemtap translator/driver (version 9.9/0.999)"',
  staprun: 'exit 0',
  uname: 'echo 6.1.0-none',
};

it('exits with 69 and shows a command if a missing SystemTap is all that prevents sampling', async () => {
  machine({ uname: STAP.uname, id: 'exit 0' });
  const { code, stdout, stderr } = await stapflame(['doctor', '--machine']);
  expect(stdout).toMatch(
    /^blocks {2}Nothing can be sampled without SystemTap\.\n +There is no stap in PATH\./,
  );
  expect(stderr).toMatch(/prevents? sampling\n$/);
  expect(code).toBe(69);
});

it('exits with 78 if nothing can be compiled for the kernel', async () => {
  machine(STAP);
  const { code, stdout } = await stapflame(['doctor', '--machine', '--json']);
  const blocking = found(stdout).filter(({ severity }) => severity === 'blocks');
  expect(blocking.map((finding) => finding.code)).toContain('kernel-headers-missing');
  expect(code).toBe(78);
});

it('exits with 77 if nothing can be compiled and permission is also missing', async () => {
  machine({ ...STAP, id: 'case $1 in -u) echo 1000 ;; *) echo ana ;; esac' });
  const { code, stdout } = await stapflame(['doctor', '--machine', '--json']);
  const obstacles = found(stdout).map(({ obstacle }) => obstacle);
  expect(obstacles).toEqual(expect.arrayContaining(['permission', 'configuration']));
  expect(code).toBe(77);
});

it("lists a process's files, one per line, even on a machine that cannot sample", async () => {
  const source = '#include <unistd.h>\nint main(void) { return pause(); }\n';
  const program = join(directory, 'napper');
  execFileSync('gcc', ['-s', '-x', 'c', '-', '-o', program], { input: source });
  const child = startProcess(program, [], { stdio: 'ignore' });
  await until('it runs', () => readFileSync(`/proc/${child.pid}/comm`, 'utf8') === 'napper\n');
  const { stdout } = await stapflame(['doctor', '-p', String(child.pid)]);
  expect(stdout).toMatch(/^napper +no names +→ +The file does not come from a package\. Build it with -g/m);
});

it('reports a process that does not exist as a configuration problem', async () => {
  const { stdout } = await stapflame(['doctor', '-p', '4194303', '--json']);
  expect(found(stdout)).toContainEqual(
    expect.objectContaining({ code: 'target-gone', obstacle: 'configuration' }),
  );
});

it.each([
  [
    'burn-nocfi',
    ['stacks-stop 100 % burn-nocfi', 'frames-nameless 100 % burn-nocfi', 'stacks-stop under 0.1 % libc.so.6'],
  ],
  ['programs-strip', ['frames-nameless 100 % burn-stripped', 'frames-unknown 6.5 % [unknown]']],
  ['burn-u_g', ['frames-unknown 6.9 % [unknown]']],
  ['stock-runtime-u_g', ['stacks-stop 74 % burn-g', 'stacks-stop 26 % libc.so.6']],
  ['endings-u_default', ['stacks-stop 23 % burn-g']],
])("reports each file's share of the samples in %s, and exits with 0", async (name, expected) => {
  const { code, stdout } = await stapflame(['doctor', caseOf(name).trace, '--json']);
  const lines = found(stdout)
    .filter((finding) => finding.code !== 'frames-exported')
    .map(({ code: what, values }) => `${what} ${values['share']} ${values['module']!.replace(/.*\//, '')}`);
  expect(lines).toEqual(expected);
  expect(code).toBe(0);
});

it('reports no problem with a trace that has complete stacks and all symbols', async () => {
  const trace = ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : _start+0x1/0x2 [/p]\n\t3\n';
  const { code, stdout } = await stapflame(['doctor', '-'], trace);
  expect(stdout).toBe('Nothing prevents sampling, and nothing lacks symbols.\n');
  expect(code).toBe(0);
});

it('reports the share of frames still unknown after the name lookup, and shows the command that draws with this lookup', async () => {
  const file = join(directory, 'lean.bt');
  const [compiled, elsewhere] = ['0x401000', '0x500000'];
  const record = (address: string): string => `#< 0 5\n${address}\n#= burn\n#> 0 5\n\t1\n`;
  writeFileSync(
    file,
    `# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=105\n${record(compiled)}${record(elsewhere)}# stapflame end hits=2\n`,
  );
  const unknown = async (): Promise<Finding> => {
    const { stdout } = await stapflame(['doctor', file, '--json']);
    return found(stdout).find(({ code }) => code === 'frames-unknown')!;
  };
  expect((await unknown()).fixes.at(-1)!.effect).toContain('--save');
  const processes = [{ pid: 7, maps: '', perfMap: '401000 20 compiled\n' }];
  const saved = { version: 1, sites: [{ release: '6.1', buildIds: {}, processes }] };
  writeFileSync(`${file}.symbols`, JSON.stringify(saved));
  const finding = await unknown();
  expect(finding.values['share']).toBe('100 %');
  expect(finding.cause).toContain('With the names that were looked up afterwards, the share is 50 %.');
  expect(finding.fixes[0]!.commands).toEqual([`stapflame flame ${file} -o flame.svg`]);
});

it('examines the intact records of a damaged trace, and exits with 75', async () => {
  const { code, stdout } = await stapflame(['doctor', caseOf('programs-real_openssl').trace]);
  expect(stdout).toMatch(/^openssl +100 % of samples contain unnamed frames/m);
  expect(code).toBe(75);
});

it('never prints text that could control a terminal', async () => {
  const trace = ' 0x1 : 0x1 [/opt/\u009b31mred+0x1/0x2]\n\t3\n';
  const { stdout } = await stapflame(['doctor', '-'], trace);
  expect(stdout).toContain('\ufffd31mred');
  expect(stdout).not.toContain('\u009b');
});

it.each([
  [['--host', '-oProxyCommand=reboot']],
  [['--host', 'a b']],
  [['-p', '0']],
  [['-p', 'self']],
  [['-p', '99999999']],
])('rejects the options %j', async (words) => {
  const { code, stdout } = await stapflame(['doctor', ...words]);
  expect(code).toBe(64);
  expect(stdout).toBe('');
});

it.each([
  [
    'echo "ssh: connect to host web1 port 22: Connection refused" >&2; exit 255',
    75,
    /one of these findings prevents sampling/,
  ],
  [
    'echo "ana@web1: Permission denied (publickey)." >&2; exit 255',
    77,
    /one of these findings prevents sampling/,
  ],
  ['exec /bin/sh -s', 78, /prevents? sampling/],
])('inspects a host over ssh: %s', async (ssh, exit, message) => {
  machine({ ...STAP, ssh });
  const { code, stderr } = await stapflame(['doctor', '--host', 'web1']);
  expect(stderr).toMatch(message);
  expect(code).toBe(exit);
});

it('passes --ssh-arguments to ssh', async () => {
  machine({ ...STAP, ssh: 'case "$*" in *" -p 2222 -- web1 "*) exec /bin/sh -s;; esac; exit 255' });
  const { code } = await stapflame(['doctor', '--host', 'web1', '--ssh-arguments', '-p 2222']);
  expect(code).toBe(78);
});
