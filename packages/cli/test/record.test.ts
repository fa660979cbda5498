import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN, stapflame } from './stapflame.ts';

const HEADER = '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128';
const RECORD = '#< 0 5\n 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]\nburn\n#> 0 5\n\t1';
const WHOLE = `${HEADER}\n${RECORD}\n# stapflame end hits=1\n`;

/** A process that is there. */
const pid = String(process.pid);
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stapflame-record-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs `record` with a stand-in for stap, a shell script of this text, or with none. */
async function record(
  stap: string | undefined,
  ...words: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = join(directory, 'stap');
  rmSync(file, { force: true });
  if (stap !== undefined) {
    writeFileSync(
      file,
      `#!/bin/sh\ncat > ${directory}/script; printf '%s\\n' "$@" > ${directory}/words\n${stap}\n`,
    );
    chmodSync(file, 0o755);
  }
  const env = {
    ...process.env,
    PATH: stap === undefined ? directory : `${directory}:${process.env['PATH']}`,
  };
  const child = spawn(process.execPath, [MAIN, 'record', '-p', pid, '-t', '5', ...words], {
    env,
    stdio: 'pipe',
  });
  child.stdin.end();
  const code = new Promise<number>((resolve) => child.once('close', (value) => resolve(value ?? -1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

it('hands the generated script and its arguments to stap, and the trace on', async () => {
  const { code, stdout } = await record(`printf '%s' '${WHOLE}'`, '-u');
  expect({ code, stdout }).toEqual({ code: 0, stdout: WHOLE });
  expect(readFileSync(join(directory, 'script'), 'utf8')).toContain('probe perf.sw.cpu_clock.hz(99)');
  const words = readFileSync(join(directory, 'words'), 'utf8').trimEnd().split('\n');
  expect(words.slice(0, 2)).toEqual(['-x', pid]);
  expect(words.at(-1)).toBe('-');
});

it('says that there is no such process', async () => {
  const { code, stderr } = await stapflame(['record', '-p', '4194304', '-t', '5']);
  expect(code).toBe(75);
  expect(stderr).toContain('there is no process 4194304');
});

it('writes a file', async () => {
  const file = join(directory, 'trace.bt');
  expect((await record(`printf '%s' '${WHOLE}'`, '-o', file)).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(WHOLE);
});

it.each([
  [69, 'no stap', undefined],
  [77, 'root', "echo 'ERROR: You are trying to run systemtap as a normal user.' >&2; exit 1"],
  [78, 'kernel', "echo 'Pass 4: compilation failed.  [man error::pass4]' >&2; exit 1"],
  [75, 'run failed', "echo 'Pass 5: run failed.  [man error::pass5]' >&2; exit 1"],
  [75, 'idle', `printf '%s\\n' '${HEADER}' '# stapflame end hits=0'`],
  [75, 'is there such a process', 'true'],
])('ends with %i where the matter is: %s', async (code, _, stap) => {
  expect((await record(stap)).code).toBe(code);
});

it('delivers what came before stap failed', async () => {
  const { code, stdout } = await record(`printf '%s\\n' '${HEADER}'; exit 1`);
  expect({ code, stdout }).toEqual({ code: 75, stdout: `${HEADER}\n` });
});

it('offers what stap asks to be run again with, and nothing that costs nothing', async () => {
  const asks = [
    '/opt/lib/a.so',
    'kernel',
    '(unknown; retry with -DDEBUG_UNWIND)',
    '/opt/b (deleted)',
    '/opt/lib/a.so',
  ];
  const lines = asks.map(
    (file) => `echo "WARNING: Missing unwind data for a module, rerun with 'stap -d ${file}'" >&2`,
  );
  const { stderr } = await record(`${lines.join('\n')}\nprintf '%s' '${WHOLE}'`);
  expect(stderr).toMatch(/sample again with -d \/opt\/lib\/a\.so\n/);
});

it('prints the stap line for a script', async () => {
  const { code, stdout } = await stapflame([
    'script',
    '-p',
    '7',
    '-t',
    '5',
    '-u',
    '--command-line',
    '-d',
    '/opt/a b',
  ]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "stap -x 7 -d '/opt/a b' --ldd -s 2 -T 15 -DMAXBACKTRACE=128 -\n",
  });
});

it('refuses a rate that no link carries, as a fault of usage', async () => {
  const { code, stderr } = await stapflame(['script', '-p', '7', '-t', '5', '-F', '1000', '--cpus', '64']);
  expect(code).toBe(64);
  expect(stderr).toContain('lower frequency');
});
