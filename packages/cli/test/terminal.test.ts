import { existsSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess } from '../../../testing/processes.ts';
import { caseOf, MAIN } from './stapflame.ts';

const SHOW_CURSOR = '\u001b[?25h';
const TRACE =
  '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128\n#< 0 5\n 0x1 : work+0x1/0x2 [/p]\n#> 0 5\n\t1\n';

/** A shell command that waits until the test has received enough output. */
const WAIT = 'until [ -e "$SEEN" ]; do sleep 0.1; done';

let directory = '';
beforeEach(() => {
  directory = temporaryDirectory();
  const stap = `#!/bin/bash\ncat > /dev/null\nprintf '\\e[31mred\\n' >&2\nprintf '${TRACE}'\n${WAIT}\necho '# stapflame end hits=1'\n`;
  writeFileSync(join(directory, 'stap'), stap);
  chmodSync(join(directory, 'stap'), 0o755);
});

/**
 * Runs a shell command line on a pseudo-terminal, which the program `script` provides, and returns the terminal's
 * output. The command line waits for the file `seen`, which is created when `isEnough` accepts the output so far.
 */
async function onTerminal(line: string, isEnough: (received: string) => boolean): Promise<string> {
  const command = `stapflame() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const seen = join(directory, 'seen');
  const path = `${directory}:${process.env['PATH']}`;
  const child = startProcess('script', ['-qec', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, MAIN, SEEN: seen, PATH: path },
  });
  let received = '';
  for await (const piece of child.stdout!) {
    received += String(piece);
    if (!existsSync(seen) && isEnough(received)) writeFileSync(seen, '');
  }
  return received;
}

/** Returns the remaining seconds that a countdown showed. */
const secondsLeft = (received: string): readonly number[] =>
  Array.from(received.matchAll(/(\d+) s left \| 1 samples?/g), ([, left]) => Number(left));

const SECONDS = 60;
const RECORD = `stapflame record -p ${process.pid} -t ${SECONDS}`;

it("record shows a countdown on a terminal and erases it at the end, and removes escape sequences from stap's messages", async () => {
  const received = await onTerminal(
    `${RECORD} -o "${directory}/trace"`,
    (soFar) => new Set(secondsLeft(soFar)).size > 1,
  );
  const seconds = secondsLeft(received);
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
  expect(seconds[0]).toBeLessThanOrEqual(SECONDS);
  expect(received).not.toContain('\u001b[31m');
  expect(received).toContain('red');
  const after = received.slice(received.lastIndexOf(' s left'));
  expect(after).toContain(SHOW_CURSOR);
  // an escape sequence erases the line with the progress bar
  expect(after).toMatch(/\u001b\[(?:0|2)?[JK]/);
  expect(readFileSync(join(directory, 'trace'), 'utf8')).toContain('hits=1');
});

it('record -q shows nothing on a terminal', async () => {
  writeFileSync(join(directory, 'seen'), '');
  expect(await onTerminal(`${RECORD} -q -o "${directory}/trace"`, () => false)).toBe('');
});

it('fold shows its progress on a terminal, and erases it at the end', async () => {
  const { trace, folded } = caseOf('burn-u_g');
  const shown = /[1-9]\d* samples in \d+ records/;
  const received = await onTerminal(
    `(cat "${trace}"; ${WAIT}) | stapflame fold -o "${directory}/folded"`,
    (soFar) => shown.test(soFar),
  );
  expect(received).toMatch(shown);
  const after = received.slice(received.lastIndexOf(' records'));
  expect(after).toContain(SHOW_CURSOR);
  expect(readFileSync(join(directory, 'folded'), 'utf8')).toBe(folded);
});
