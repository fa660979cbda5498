import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { signal } from '../../../testing/look.ts';
import { startProcess, startReading } from '../../../testing/processes.ts';
import { MAIN, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});

const OVERFLOW = "ERROR: Array overflow, check MAXMAPENTRIES near identifier 'bts' at x.stp:5:9\n";
const PTRACE = 'ptrace: Operation not permitted.\n';
const HEADERS = 'Checking "/lib/modules/6.9.9/build/.config" failed with error: No such file or directory\n';
const NO_STAP = 'bash: stap: command not found\n';
const HARMLESS =
  "WARNING: Tracing 7 in user-space only...\nWARNING: Time's up. Quitting now...(it may take a while)\n";

function saved(messages: string): string {
  const file = join(directory, 'stap.err');
  writeFileSync(file, messages);
  return file;
}

describe('saved messages', () => {
  it.each([
    ['problems that do not prevent sampling', 0, HARMLESS + OVERFLOW],
    ['missing permission', 77, PTRACE],
    ['a missing program', 69, NO_STAP],
    ['an unsuitable configuration', 78, HEADERS],
    ['missing permission even if there are other problems', 77, HEADERS + NO_STAP + PTRACE],
    ['a missing program even if the configuration is also unsuitable', 69, HEADERS + NO_STAP],
  ])('result in the exit code for %s', async (_, code, messages) => {
    expect((await stapflame(['doctor', '--stderr', saved(messages)])).code).toBe(code);
  });

  it('are explained with their causes and the commands that fix them', async () => {
    const { stdout, stderr } = await stapflame(['doctor', '--stderr', saved(HARMLESS + PTRACE)]);
    expect(stdout).toMatch(/^blocks {2}The debugger is not allowed to attach .*\n(?: {8}.*\n)*$/);
    expect(stdout).toContain('line 3: ptrace: Operation not permitted.');
    expect(stdout).toContain('sysctl kernel.yama.ptrace_scope=0');
    expect(stderr).toBe('stapflame: one of these findings prevents sampling\n');
  });

  it('are reported as harmless if they show no problem', async () => {
    const { code, stdout } = await stapflame(['doctor', '--stderr', saved(HARMLESS)]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Nothing here needs fixing.\n',
    });
    expect((await stapflame(['doctor', '--stderr', saved(''), '--json'])).stdout).toBe('');
  });

  it('produce findings in FILE as JSON, one per line, with --json -o FILE', async () => {
    const out = join(directory, 'findings.json');
    const { code, stdout } = await stapflame([
      'doctor',
      '--stderr',
      saved(OVERFLOW + PTRACE),
      '--json',
      '-o',
      out,
    ]);
    expect({ code, stdout }).toEqual({ code: 77, stdout: '' });
    const found = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string });
    expect(found.map((each) => each.code)).toEqual(['ptrace-not-permitted', 'array-overflow']);
  });

  it('cannot be examined together with a trace, a process or a host', async () => {
    for (const words of [['trace.bt'], ['-p', '7'], ['--host', 'web1']])
      expect((await stapflame(['doctor', '--stderr', '-', ...words])).code).toBe(64);
    expect((await stapflame(['doctor', '--stderr', join(directory, 'none')])).code).toBe(66);
  });
});

describe('messages from another machine', () => {
  it("produce commands for the distribution named in that machine's os-release file", async () => {
    const osRelease = join(directory, 'os-release');
    writeFileSync(osRelease, 'ID=fedora\nVERSION_ID=41\n');
    const words = ['doctor', '--stderr', saved(NO_STAP)];
    const { stdout } = await stapflame([...words, '--os-release', osRelease]);
    expect(stdout).toContain('dnf install systemtap');
    expect(stdout).not.toContain("this machine's distribution");
    expect((await stapflame(words)).stdout).toMatch(/this machine's distribution, .*\n.*--os-release FILE/);
    expect((await stapflame([...words, '--os-release', join(directory, 'none')])).code).toBe(66);
    expect((await stapflame(['doctor', '--machine', '--os-release', osRelease])).code).toBe(64);
  });
});

describe('standard input', () => {
  const doctor = (stdin: 'pipe' | 'ignore' | number, ...words: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [MAIN, 'doctor', ...words], {
      stdio: [stdin, 'pipe', 'pipe'],
      encoding: 'utf8',
      // without SystemTap
      env: { PATH: '/usr/bin:/bin' },
    });
  const LOOKED = /SystemTap|prevents/;

  it.each([[[]], [['--stderr', '-']]])(
    'that is empty counts as a run without messages, with the options %j',
    (words) => {
      const { status, stdout, stderr } = doctor('pipe', ...words);
      expect({ status, said: `${stdout}${stderr}` }).toEqual({
        status: 0,
        said: 'There are no messages, so there is nothing to fix.\n',
      });
    },
  );

  it('that is /dev/null or closed is not read as messages, and the doctor inspects the machine instead', () => {
    expect(`${doctor('ignore').stdout}`).toMatch(LOOKED);
    const closed = spawnSync('bash', ['-c', '"$0" "$1" doctor <&-', process.execPath, MAIN], {
      encoding: 'utf8',
    });
    expect(closed.stdout).toMatch(LOOKED);
  });

  it('is not read with --machine', () => {
    expect(`${doctor('pipe', '--machine').stdout}`).toMatch(LOOKED);
    expect(doctor('pipe', '--machine', '--stderr', '-').status).toBe(64);
  });

  it('is read as messages if it is a file', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" doctor < "$2"', process.execPath, MAIN, saved(PTRACE)],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(77);
    expect(stderr).toContain('blocks  The debugger is not allowed to attach');
  });
});

describe('unknown messages', () => {
  it.each([
    ['ERROR: something new', 75],
    ["a program's note", 75],
    ['sudo: a password is required', 77],
    ['ssh: connect to host web1 port 22: Connection refused', 75],
    ['Invalid target process ID number.', 64],
    ['The kernel on your system requires modules to be signed for loading.', 77],
  ])('are repeated and never called harmless: %s', async (message, exit) => {
    const { code, stdout } = await stapflame(['doctor', '--stderr', saved(`${message}\n`)]);
    expect(code).toBe(exit);
    expect(stdout).toContain(message);
  });
});

describe('live messages', () => {
  it('are passed on unchanged to stderr, followed by the findings', async () => {
    const bytes = Buffer.concat([
      Buffer.from('caf\u00e9 \u001b[1mbold\u001b[m\r\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from(OVERFLOW),
    ]);
    const child = startProcess(process.execPath, [MAIN, 'doctor']);
    child.stdin!.end(bytes);
    const pieces: Buffer[] = [];
    child.stderr!.on('data', (piece: Buffer) => pieces.push(piece));
    const closed = once(child, 'close');
    expect(await text(child.stdout!)).toBe('');
    await closed;
    const all = Buffer.concat(pieces);
    expect(all.subarray(0, bytes.length)).toEqual(bytes);
    expect(all.subarray(bytes.length).toString()).toMatch(
      /^\ncosts {3}The script found more distinct stacks/,
    );
  });

  it('produce findings on standard output with --stderr -', async () => {
    const { stdout, stderr } = await stapflame(['doctor', '--stderr', '-', '--json'], `hello\n${OVERFLOW}`);
    expect(stderr).toBe(`hello\n${OVERFLOW}`);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'array-overflow', evidence: { line: 2, offset: 6 } });
  });

  it('never end up in the trace if the doctor runs in a process substitution', async () => {
    const run = `{ echo trace; printf '%s' "$MESSAGES" >&2; } > trace.bt 2> >("$NODE" "$MAIN" doctor; echo ended > ended)`;
    const wait = 'while ! [ -s ended ]; do sleep 0.1; done';
    const { stderr } = await startReading('bash', ['-c', `${run}; ${wait}`], {
      cwd: directory,
      env: { ...process.env, NODE: process.execPath, MAIN, MESSAGES: OVERFLOW },
    }).end;
    expect(readFileSync(join(directory, 'trace.bt'), 'utf8')).toBe('trace\n');
    expect(stderr).toMatch(/^ERROR: Array overflow[^\n]*\n\ncosts {3}The script found/);
  });

  it('are read to the end even after Ctrl-C', async () => {
    const { child, end } = startReading(process.execPath, [MAIN, 'doctor']);
    const repeated = once(child.stderr!, 'data');
    child.stdin!.write(HARMLESS);
    await repeated;
    await signal(child, 'SIGINT');
    child.stdin!.end(PTRACE);
    const { code, stderr } = await end;
    expect(code).toBe(77);
    expect(stderr).toContain('blocks  The debugger is not allowed to attach');
  });
});
