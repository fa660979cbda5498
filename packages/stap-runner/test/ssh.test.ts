import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunnerOptions } from '../src/index.ts';
import { run, TRACE } from './run.ts';
import { startSshd, type Sshd } from './sshd.ts';

const replayed = readFileSync(TRACE);
let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

const far = (how: string, options: RunnerOptions = {}): ReturnType<typeof run> =>
  run({ host: sshd.host, sshArguments: sshd.sshArguments, sudo: false, stapArguments: [how], ...options });

it('brings every byte over the link', async () => {
  const { trace, exit } = await far('replay');
  expect(exit).toMatchObject({ reason: 'ended', messages: '' });
  expect(trace.equals(replayed)).toBe(true);
});

it('samples two hosts at once', async () => {
  const both = await Promise.all([far('replay'), far('replay')]);
  for (const { trace, exit } of both) {
    expect(exit.reason).toBe('ended');
    expect(trace.equals(replayed)).toBe(true);
  }
});

it('delivers what came before the link was cut, and tells of it', async () => {
  const { trace, exit } = await far('cut');
  expect(trace.length).toBeGreaterThan(0);
  expect(trace.equals(replayed.subarray(0, trace.length))).toBe(true);
  expect(exit).toMatchObject({ reason: 'link', exitCode: 255 });
});

it('survives a flood of messages', async () => {
  const { trace, exit } = await far('floods');
  expect(trace.equals(replayed)).toBe(true);
  expect(exit.reason).toBe('ended');
});

it('tells that sudo wants a password, without asking for one', async () => {
  expect((await far('forbidden')).exit.reason).toBe('permission');
});

it('tells that there is no stap at the far end', async () => {
  expect((await far('replay', { stap: '/nonexistent/stap' })).exit).toMatchObject({
    reason: 'missing',
    exitCode: 127,
  });
});

it('tells that the key is not accepted', async () => {
  const sshArguments = sshd.sshArguments.filter((word, i, all) => word !== '-i' && all[i - 1] !== '-i');
  expect((await far('replay', { sshArguments })).exit.reason).toBe('permission');
});

it('tells that nobody answers', async () => {
  expect((await far('replay', { sshArguments: ['-F', 'none', '-p', '1'] })).exit.reason).toBe('link');
});

it('keeps words words in the shell of the far end', async () => {
  const word = fc.string({ minLength: 1, unit: fc.constantFrom(...`ab '"$\`\\;&|<>*?~#!(){}[]`) });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
      const { trace } = await far('words', { stapArguments: ['words', ...words] });
      expect(trace.toString()).toBe([...words, '-', ''].join('\n'));
    }),
    { numRuns: 10 },
  );
});

it('compiles here and runs there, with the size of the buffers and the target', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stapflame-test-'));
  try {
    const program = (name: string, body: string): string => {
      writeFileSync(join(directory, name), `#!/bin/sh\n${body}`);
      chmodSync(join(directory, name), 0o755);
      return join(directory, name);
    };
    const stap = program('stap', 'cat > "$5.ko"; [ "$1 $2 $3 $4" = "-p4 -r 6.1.0-1 -m" ]; echo "$5.ko"\n');
    // ssh's own PATH has no staprun of ours: the far end's shell gets one through the link's user setting
    const ssh = program('ssh', `for last; do :; done\nPATH=${directory}:$PATH exec sh -c "$last"\n`);
    program('staprun', 'printf "%s\\n" "$1 $2 $3 $4"; cat "$5"\n');
    const { trace, exit } = await far('', {
      stap,
      ssh,
      compileFor: '6.1.0-1',
      stapArguments: ['-x', '7', '-s', '3'],
    });
    expect(trace.toString()).toBe('-b 3 -x 7\nglobal hits\nprobe begin { exit() }\n');
    expect(exit.reason).toBe('ended');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
