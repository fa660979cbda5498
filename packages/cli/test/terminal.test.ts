import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { caseOf, MAIN } from './stapflame.ts';

const SHOW_CURSOR = '\u001b[?25h';
const TRACE =
  '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128\n#< 0 5\n 0x1 : work+0x1/0x2 [/p]\n#> 0 5\n\t1\n';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'terminal-test-'));
  const stap = `#!/bin/bash\ncat > /dev/null\nprintf '\\e[31mred\\n' >&2\nprintf '${TRACE}'\nsleep 2.5\necho '# stapflame end hits=1'\n`;
  writeFileSync(join(directory, 'stap'), stap);
  chmodSync(join(directory, 'stap'), 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a terminal receives while a line of shell runs: `script` gives it a pseudo-terminal. */
async function onTerminal(line: string): Promise<string> {
  const command = `stapflame() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const env = { ...process.env, NODE: process.execPath, MAIN, PATH: `${directory}:${process.env['PATH']}` };
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  return text(child.stdout);
}

const RECORD = `stapflame record -p ${process.pid} -t 3`;

it('record counts down on a terminal, clears its line at the end, and lets no escape of stap through', async () => {
  const received = await onTerminal(`${RECORD} -o "${directory}/trace"`);
  const seconds = Array.from(received.matchAll(/(\d) s left \| 1 samples?/g), ([, left]) => Number(left));
  expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
  expect(seconds[0]).toBe(3);
  expect(seconds.at(-1)).toBeLessThan(3);
  expect(received).not.toContain('\u001b[31m');
  expect(received).toContain('red');
  const after = received.slice(received.lastIndexOf(' s left'));
  expect(after).toContain(SHOW_CURSOR);
  // the line that the bar stood in is erased
  expect(after).toMatch(/\u001b\[(?:0|2)?[JK]/);
  expect(readFileSync(join(directory, 'trace'), 'utf8')).toContain('hits=1');
});

it('record shows nothing on a terminal with -q', async () => {
  expect(await onTerminal(`${RECORD} -q -o "${directory}/trace"`)).toBe('');
});

it('fold shows on a terminal how far it is, and clears that line at the end', async () => {
  const { trace, folded } = caseOf('burn-u_g');
  const received = await onTerminal(`(cat "${trace}"; sleep 3) | stapflame fold -o "${directory}/folded"`);
  expect(received).toMatch(/\d+ samples in \d+ records/);
  const after = received.slice(received.lastIndexOf(' records'));
  expect(after).toContain(SHOW_CURSOR);
  expect(readFileSync(join(directory, 'folded'), 'utf8')).toBe(folded);
});
