import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finished } from '../stapflame.ts';
import { ownDirectory, pause, RECORD, start, type Running } from './process.ts';

const own = ownDirectory();
const HEADER = '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128\n';
const FRAMED = `${HEADER}#< 0 5\n 0x401000 : work+0x4/0x10 [/p]\n#> 0 5\n\t1\n`;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Has read `input` and waits for more. */
async function waiting(words: readonly string[], input: string): Promise<Running> {
  const running = start(words);
  running.child.stdin!.write(input);
  await pause(1000);
  return running;
}

describe.each(SIGNALS)('%s once', (signal) => {
  it.each([
    ['fold', RECORD, 'root;leaf 3\n# stapflame incomplete truncated=1\n'],
    ['parse', RECORD, '"count":3'],
    ['render', 'root;leaf 3\n', 'incomplete'],
    ['flame', RECORD, 'incomplete'],
  ])('lets %s finish with what came, marked, with 75', async (command, input, expected) => {
    const output = join(own.path, 'out');
    const { child, end } = await waiting([command, '-o', output], input);
    child.kill(signal);
    const { code, stderr } = await end;
    expect(code).toBe(75);
    expect(stderr).toContain(`${signal} ended reading`);
    expect(readFileSync(output, 'utf8')).toContain(expected);
    expect(readdirSync(own.path)).toEqual(['out']);
  });
});

it('a writer that ends its trace after the signal is waited for, and the exit code is 0', async () => {
  const { child, end } = await waiting(['fold'], FRAMED);
  child.kill('SIGINT');
  await pause(300);
  child.stdin!.end('# stapflame end hits=1\n');
  expect(await end).toMatchObject({ code: 0, stdout: 'work 1\n' });
});

/** What a shell says of an end: 128 and the number of the signal. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
const statusOf = ({ code, signal }: Finished): number => code ?? 128 + constants.signals[signal!];

describe.each(SIGNALS)('%s twice', (signal) => {
  it.each(['fold', 'parse', 'render', 'flame'])('ends %s at once and leaves nothing', async (command) => {
    const { child, end } = await waiting([command, '-o', join(own.path, 'out')], RECORD);
    child.kill(signal);
    await pause(200);
    child.kill(signal);
    expect(statusOf(await end)).toBe(STATUS[signal]);
    expect(readdirSync(own.path)).toEqual([]);
  });
});

/** `record` with a stand-in for stap that does this. */
function record(
  stap: string,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Running {
  const file = join(own.path, 'stap');
  writeFileSync(file, `#!/bin/bash\ncat > /dev/null\necho $$ > ${own.path}/pid\n${stap}\n`);
  chmodSync(file, 0o755);
  const words = ['record', '-p', String(process.pid), '-t', '30', '-o', join(own.path, 'trace'), ...options];
  return start(words, { PATH: `${own.path}:${process.env['PATH']}`, ...env });
}

/** Whether there is such a process, and it has not ended yet. */
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function started(): Promise<number> {
  while (!existsSync(join(own.path, 'pid'))) await pause(20);
  await pause(300);
  return Number(readFileSync(join(own.path, 'pid'), 'utf8'));
}

describe('record', () => {
  it('with a complete trailer after SIGINT ends with 0', async () => {
    const { child, end } = record(
      `trap 'echo "# stapflame end hits=1"; exit 0' INT\nprintf '%s' '${FRAMED}'\nwhile :; do sleep 0.1; done`,
    );
    await started();
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 0 });
    expect(readFileSync(join(own.path, 'trace'), 'utf8')).toBe(`${FRAMED}# stapflame end hits=1\n`);
  });
  it('is gone after SIGINT twice, with stap and without an output', async () => {
    const { child, end } = record(`trap '' INT\nprintf '%s' '${FRAMED}'\nwhile :; do sleep 0.1; done`);
    const stap = await started();
    child.kill('SIGINT');
    await pause(300);
    child.kill('SIGINT');
    expect(statusOf(await end)).toBe(130);
    expect(existsSync(join(own.path, 'trace'))).toBe(false);
    await pause(300);
    expect(runs(stap)).toBe(false);
  });
  it('killed by SIGKILL in a first run leaves a directory, which the next run removes', async () => {
    const temporary = { TMPDIR: own.path };
    const { child, end } = record(
      `printf '%s' '${FRAMED}'\nwhile :; do sleep 0.1; done`,
      ['--rerun'],
      temporary,
    );
    const stap = await started();
    child.kill('SIGKILL');
    await end;
    // a real one ends when it writes
    process.kill(stap, 'SIGKILL');
    const left = (): string[] => readdirSync(own.path).filter((name) => name.startsWith('stapflame-'));
    expect(left()).toHaveLength(1);
    await record(`printf '%s' '${FRAMED}# stapflame end hits=1\n'`, ['--rerun'], temporary).end;
    expect(left()).toEqual([]);
  });
  it('delivers what came before stap died in mid-record, with 75', async () => {
    const { end } = record(`printf '%s' '${FRAMED.slice(0, -4)}'\nkill -9 $$`);
    expect(await end).toMatchObject({ code: 75 });
    expect(readFileSync(join(own.path, 'trace'), 'utf8')).toBe(FRAMED.slice(0, -4));
  });
});
