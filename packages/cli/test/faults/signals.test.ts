import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning, signal as send } from '../../../../testing/look.ts';
import { until } from '../../../../testing/until.ts';
import type { Finished } from '../stapflame.ts';
import { ownDirectory, read, RECORD, start, type Running } from './process.ts';

const own = ownDirectory();
const HEADER = '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128\n';
const FRAMED = `${HEADER}#< 0 5\n 0x401000 : work+0x4/0x10 [/p]\n#> 0 5\n\t1\n`;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Starts a command, and waits until it has read `input`. */
async function waiting(words: readonly string[], input: string): Promise<Running> {
  const running = start(words);
  await read(running, input);
  return running;
}

describe.each(SIGNALS)('%s once', (signal) => {
  it.each([
    ['fold', RECORD, '# stapflame incomplete truncated=1\nroot;leaf 3\n'],
    ['parse', RECORD, '"count":3'],
    ['render', 'root;leaf 3\n', 'incomplete'],
    ['flame', RECORD, 'incomplete'],
  ])(
    'lets %s write the stacks read so far, mark the output as incomplete, and exit with 75',
    async (command, input, expected) => {
      const output = join(own.path, 'out');
      const { child, end } = await waiting([command, '-o', output], input);
      child.kill(signal);
      const { code, stderr } = await end;
      expect(code).toBe(75);
      expect(stderr).toContain(`${signal} interrupted reading`);
      expect(readFileSync(output, 'utf8')).toContain(expected);
      expect(readdirSync(own.path)).toEqual(['out']);
    },
  );
});

it('after a signal, a command still reads a trace to its trailer, and exits with 0', async () => {
  const running = await waiting(['fold'], FRAMED);
  await send(running.child, 'SIGINT');
  await read(running, '# what comes after the signal is read, too\n');
  running.child.stdin!.end('# stapflame end hits=1\n');
  expect(await running.end).toMatchObject({ code: 0, stdout: '# stapflame period=10101010\nwork 1\n' });
});

/** The exit code that a shell reports: 128 plus the signal's number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
const statusOf = ({ code, signal }: Finished): number => code ?? 128 + constants.signals[signal!];

describe.each(SIGNALS)('%s twice', (signal) => {
  it.each(['fold', 'parse', 'render', 'flame'])(
    'ends %s immediately, without leaving a file',
    async (command) => {
      const { child, end } = await waiting([command, '-o', join(own.path, 'out')], RECORD);
      await send(child, signal);
      child.kill(signal);
      expect(statusOf(await end)).toBe(STATUS[signal]);
      expect(readdirSync(own.path)).toEqual([]);
    },
  );
});

/** Shell code that runs until a signal ends it. */
const FOR_EVER = 'while :; do sleep 0.1; done';

/** Starts `record` with a shell script in place of stap. */
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

/** Waits until `record` has written the sample that stap printed, and returns stap's process id. */
async function sampled(): Promise<number> {
  const files = (): string[] =>
    readdirSync(own.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'stap')
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  await until('record has written a sample', () => files().includes(FRAMED));
  return Number(readFileSync(join(own.path, 'pid'), 'utf8'));
}

describe('record', () => {
  it('exits with 0 after SIGINT if stap still prints the complete trailer', async () => {
    const { child, end } = record(
      `trap 'echo "# stapflame end hits=1"; exit 0' INT\nprintf '%s' '${FRAMED}'\n${FOR_EVER}`,
    );
    await sampled();
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 0 });
    expect(readFileSync(join(own.path, 'trace'), 'utf8')).toBe(`${FRAMED}# stapflame end hits=1\n`);
  });
  it('ends without writing output on a second SIGINT, and also ends stap', async () => {
    const { child, end } = record(`trap '' INT\nprintf '%s' '${FRAMED}'\n${FOR_EVER}`);
    const stap = await sampled();
    await send(child, 'SIGINT');
    child.kill('SIGINT');
    expect(statusOf(await end)).toBe(130);
    expect(existsSync(join(own.path, 'trace'))).toBe(false);
    await until('stap is gone', () => !isRunning(stap));
  });
  it('leaves a directory behind when SIGKILL ends it, and the next run removes the directory', async () => {
    const temporary = { TMPDIR: own.path };
    const { child, end } = record(`printf '%s' '${FRAMED}'\n${FOR_EVER}`, ['--rerun'], temporary);
    const stap = await sampled();
    child.kill('SIGKILL');
    await end;
    // a real stap would end at its next write
    process.kill(stap, 'SIGKILL');
    const left = (): string[] => readdirSync(own.path).filter((name) => name.startsWith('stapflame-'));
    expect(left()).toHaveLength(1);
    await record(`printf '%s' '${FRAMED}# stapflame end hits=1\n'`, ['--rerun'], temporary).end;
    expect(left()).toEqual([]);
  });
  it('keeps everything that stap wrote before it died mid-record, and exits with 75', async () => {
    const { end } = record(`printf '%s' '${FRAMED.slice(0, -4)}'\nkill -9 $$`);
    expect(await end).toMatchObject({ code: 75 });
    expect(readFileSync(join(own.path, 'trace'), 'utf8')).toBe(FRAMED.slice(0, -4));
  });
});
