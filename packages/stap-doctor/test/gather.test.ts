import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatherFacts, preflight, type Facts, type Finding } from '../src/index.ts';
import { probeScript } from '../src/preflight/probe.ts';
import { readFacts } from '../src/preflight/read-facts.ts';
import { namingOf } from '../src/symbols/module.ts';
import { Workshop } from './processes.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = new Workshop();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Returns the findings about one file of a process. */
function of(facts: Facts, pid: number, path: string): readonly Finding[] {
  return preflight(facts, pid).filter(({ values }) => values['module'] === path);
}

it('distinguishes a running program with symbols from one without symbols', async () => {
  const whole = workshop.compile('whole', '-g');
  const stripped = workshop.compile('stripped', '-s');
  for (const [program, codes] of [
    [whole, []],
    [stripped, ['symbols-missing']],
  ] as const) {
    const pid = await workshop.run(program);
    const facts = await gatherFacts({ pid });
    expect(facts.target).toMatchObject({ state: 'running', executable: program, uid: userInfo().uid });
    expect(of(facts, pid, program).map(({ code }) => code)).toEqual(codes);
  }
});

it('finds the separate debug file that .gnu_debuglink names, and then reports no missing symbols', async () => {
  const program = workshop.compile('linked', '-g');
  const debug = workshop.path('linked.debug');
  execFileSync('objcopy', ['--only-keep-debug', program, debug]);
  execFileSync('objcopy', ['--strip-all', `--add-gnu-debuglink=${debug}`, program]);
  const pid = await workshop.run(program);
  const facts = await gatherFacts({ pid });
  expect(facts.modules.find(({ path }) => path === program)!.debugFile!.path).toBe(debug);
  expect(of(facts, pid, program)).toEqual([]);
});

it('recognises a program in which only exported functions have names', async () => {
  const program = workshop.compile('exports', '-s', '-rdynamic');
  const pid = await workshop.run(program);
  expect(of(await gatherFacts({ pid }), pid, program)).toMatchObject([{ code: 'symbols-exported-only' }]);
});

it('recognises a program without unwind data', async () => {
  const flags = ['-nostdlib', '-static', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'];
  const program = workshop.compile('bare', ...flags);
  const pid = await workshop.run(program);
  expect(of(await gatherFacts({ pid }), pid, program)).toMatchObject([{ code: 'unwind-data-missing' }]);
});

it('recognises a program whose file was replaced while it was running', async () => {
  const program = workshop.compile('old');
  const pid = await workshop.run(program);
  copyFileSync(program, workshop.path('new'));
  renameSync(workshop.path('new'), program);
  expect(of(await gatherFacts({ pid }), pid, program)).toMatchObject([{ code: 'module-replaced' }]);
});

const HOSTILE = [
  "a b'c",
  '$(touch INJECTED)',
  '-rf',
  '[end]',
  'x (deleted)',
  '`reboot`',
  '%s%n',
  '"; exit #',
];

it('reads files whose names contain special characters', async () => {
  const program = workshop.compile('plain', '-s');
  const files = HOSTILE.map((name) => workshop.path(name));
  for (const file of files) copyFileSync(program, file);
  const { modules } = await gatherFacts({ files });
  expect(modules.map((module) => [module.path, namingOf(module), module.deleted])).toEqual(
    files.map((file) => [file, 'none', false]),
  );
});

it('inspects a process whose name contains special characters', async () => {
  const program = workshop.compile(`* ${HOSTILE.join('')}`, '-s');
  const pid = await workshop.run(program);
  const facts = await gatherFacts({ pid });
  expect(facts.target!.executable).toBe(program);
  expect(of(facts, pid, program).map(({ code }) => code)).toEqual(['symbols-missing']);
});

it('inspects the given files even if no process is given, and each file only once', async () => {
  const program = workshop.compile('file', '-g');
  const { modules, target } = await gatherFacts({
    files: [program, program, '/nonexistent/file', 'relative'],
  });
  expect(target).toBeUndefined();
  expect(modules.map(({ path, elf }) => [path, elf?.symbolTable])).toEqual([
    [program, true],
    ['/nonexistent/file', undefined],
  ]);
});

it("reads the files of a process in another mount namespace through the process's root", async () => {
  const program = workshop.compile('inside', '-s');
  const pid = await workshop.run('unshare', '-rm', program);
  const facts = await gatherFacts({ pid });
  expect(facts.target!.root).toBe(`/proc/${pid}/root`);
  expect(of(facts, pid, program)).toMatchObject([{ code: 'symbols-missing' }]);
});

it('recognises zombies and processes that do not exist', async () => {
  const shell = workshop.script('parent', 'sleep 0 & exec sleep 1000\n');
  expect((await gatherFacts({ pid: 4_194_303 })).target).toMatchObject({ state: 'gone' });
  const parent = await workshop.run(shell, '/usr/bin/sleep');
  const zombie = await vi.waitFor(() => {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    expect(readFileSync(`/proc/${children}/status`, 'utf8')).toContain('zombie');
    return Number(children);
  });
  expect((await gatherFacts({ pid: zombie })).target).toMatchObject({ state: 'zombie' });
});

/** Creates a PATH directory with the programs that the probe needs but without SystemTap, and returns its path. */
function withoutSystemTap(): string {
  const bin = workshop.path('bin');
  mkdirSync(bin);
  const names = 'sh uname id cat ls sed grep sort head tr od readlink readelf timeout gzip printf gcc make';
  for (const name of names.split(' '))
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), `${bin}/${name}`);
  return bin;
}

it('reports that SystemTap is missing', async () => {
  vi.stubEnv('PATH', withoutSystemTap());
  const facts = await gatherFacts();
  const [first] = preflight(facts);
  expect(first).toMatchObject({ code: 'systemtap-missing', obstacle: 'missing-program' });
  expect(facts.programs.has('readelf')).toBe(true);
});

it('finds a staprun that this user is not allowed to execute', async () => {
  const bin = withoutSystemTap();
  writeFileSync(`${bin}/staprun`, '', { mode: 0o644 });
  vi.stubEnv('PATH', bin);
  const { programs, systemtap } = await gatherFacts();
  expect(programs.has('staprun')).toBe(true);
  expect(systemtap.staprun).toMatchObject({ path: `${bin}/staprun`, mode: '-rw-r--r--' });
});

it('recognises an ordinary user', () => {
  const [program, ...words] =
    userInfo().uid === 0
      ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-s']
      : ['sh', '-s'];
  const facts = readFacts(execFileSync(program!, words, { input: probeScript(), encoding: 'utf8' }));
  expect(facts.user.uid).not.toBe(0);
  expect(facts.user.capabilities).toBe(0n);
});

/** Puts a shell script in place of ssh. */
function fakeSsh(body: string): void {
  const bin = workshop.path('far');
  mkdirSync(bin);
  workshop.script('far/ssh', body);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
}

it('gathers the same facts over ssh, without a terminal or prompts', async () => {
  fakeSsh(
    'printf "%s\\n" "$@" > "$0.words"\nwhile [ "$1" != -- ]; do shift; done\nshift 2\necho "Welcome!"\nexec sh -c "$*"\n',
  );
  const near = await gatherFacts();
  const far = await gatherFacts({ host: 'ana@web1', sshArguments: ['-p', '2222'] });
  expect(far).toEqual(near);
  const words = readFileSync(workshop.path('far/ssh.words'), 'utf8').split('\n');
  expect(words).toEqual(expect.arrayContaining(['-T', 'BatchMode=yes', '-p', '2222']));
  expect(words.slice(words.indexOf('--'))).toEqual(['--', 'ana@web1', 'sh', '-s', '']);
});

it.each(['-oProxyCommand=reboot', '', 'a b', 'web1;reboot', 'ana@-x'])(
  'rejects %j as a host',
  async (host) => {
    await expect(gatherFacts({ host })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
  },
);

it.each([0, -1, 1.5, Number.NaN])('rejects %d as a process', async (pid) => {
  await expect(gatherFacts({ pid })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});

it('fails with a specific code if the host cannot be reached or the connection is lost', async () => {
  fakeSsh('echo "ssh: connect to host web1 port 22: Connection refused" >&2\nexit 255\n');
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: expect.stringContaining('Connection refused'),
  });
  workshop.script('far/ssh', 'echo "web1: Permission denied (publickey)." >&2\nexit 255\n');
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  workshop.script('far/ssh', 'echo "[release]"\necho " 6.1"\n');
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({ code: 'PROBE_INCOMPLETE' });
});

it('fails with a specific code if there is no ssh', async () => {
  vi.stubEnv('PATH', withoutSystemTap());
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({ code: 'PROGRAM_MISSING' });
});

it('fails after the timeout if the host does not answer', async () => {
  fakeSsh('exec sleep 100\n');
  await expect(gatherFacts({ host: 'web1', timeout: 100 })).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: expect.stringContaining('100 ms'),
  });
});

it('fails after the timeout even if another program keeps the output open', async () => {
  // the loop ends when the directory is removed at the end of the test
  fakeSsh('while [ -e "$0" ]; do sleep 0.1; done &\nexec sleep 100\n');
  await expect(gatherFacts({ host: 'web1', timeout: 300 })).rejects.toMatchObject({ code: 'PROBE_FAILED' });
});

it.each([
  ['exit 3', 'exit code 3'],
  ['kill -9 $$', 'ended by SIGKILL'],
  ['echo >&2; exit 1', 'exit code 1'],
])('says how ssh ended if it printed no reason: %s', async (body, reason) => {
  fakeSsh(`${body}\n`);
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: `web1: ${reason}`,
  });
});

it('says why ssh could not be started', async () => {
  const bin = workshop.path('locked');
  mkdirSync(bin);
  writeFileSync(`${bin}/ssh`, '', { mode: 0o644 });
  vi.stubEnv('PATH', bin);
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({ message: 'web1: EACCES' });
  fakeSsh('');
  const sshArguments = ['x'.repeat(1 << 20)];
  await expect(gatherFacts({ host: 'web1', sshArguments })).rejects.toMatchObject({ message: 'web1: E2BIG' });
});

it('names the shell in the error if the shell fails on this machine', async () => {
  const bin = workshop.path('near');
  mkdirSync(bin);
  workshop.script('near/sh', 'echo "no memory" >&2\nexit 2\n');
  vi.stubEnv('PATH', bin);
  await expect(gatherFacts()).rejects.toMatchObject({ code: 'PROBE_FAILED', message: 'sh: no memory' });
});

it.each([
  ['endless control characters', 'exec cat /dev/zero', 'more than 67108864 bytes of output'],
  ['64 million control characters and a failure', 'head -c 64000000 /dev/zero; exit 1', 'exit code 1'],
])('survives a host that prints %s', async (_, body, reason) => {
  fakeSsh(`${body}\n`);
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({ message: `web1: ${reason}` });
});

it('reads the end of a long standard error', async () => {
  fakeSsh('yes | head -n 1000000 >&2\necho "web1: Permission denied (publickey)." >&2\nexit 255\n');
  await expect(gatherFacts({ host: 'web1' })).rejects.toMatchObject({
    code: 'LOGIN_REFUSED',
    message: 'web1: web1: Permission denied (publickey).',
  });
});

it.each([
  [
    'addresses, the first of which is 0',
    '0000000000000000 A fixed_percpu_data\nffffffff81000000 T _text\n',
    true,
  ],
  ['only zeros', '0000000000000000 A fixed_percpu_data\n0000000000000000 T _text\n', false],
  ['nothing', '', false],
])('knows whether the kernel shows its addresses: %s', (_, text, isShown) => {
  const file = workshop.path('kallsyms');
  writeFileSync(file, text);
  const script = probeScript().replaceAll('/proc/kallsyms', file);
  expect(readFacts(execFileSync('sh', { input: script, encoding: 'utf8' })).kernel.kallsyms).toBe(isShown);
});

it.each([
  [
    'the placeholder in a Debian package',
    'ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n',
    false,
  ],
  ['symbols', 'ffffffff81000000 T _text\n', true],
])('uses a System.map only if it contains symbols: %s', (_, text, isUsed) => {
  const file = workshop.path('System.map-1');
  writeFileSync(file, text);
  const script = probeScript().replace('"/boot/System.map-$release" "$modules/System.map"', file);
  const { systemMap } = readFacts(execFileSync('sh', { input: script, encoding: 'utf8' })).kernel;
  expect(systemMap).toBe(isUsed ? file : undefined);
});
