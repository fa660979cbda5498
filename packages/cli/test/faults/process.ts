import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect } from 'vitest';
import { temporaryDirectory } from '../../../../testing/cleanup.ts';
import { startReading, type Finished, type Running } from '../../../../testing/processes.ts';
import { MAIN } from '../stapflame.ts';

export type { Running };

export const RECORD = ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : root+0x1/0x2 [/p]\n\t3\n';

/** Starts the built command and leaves its standard input open. */
export function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return startReading(process.execPath, [MAIN, ...words], { env: { ...process.env, ...env } });
}

/** More bytes than a pipe or a socket can hold. */
const ROOM = 1 << 20;

/** Writes `text` to the command's standard input, and waits until the command has read it. */
export async function read({ child, end }: Running, text: string): Promise<void> {
  child.stdin!.write(text);
  // Empty lines are ignored. Once the command has read all of these, it has also read `text`.
  child.stdin!.write('\n'.repeat(ROOM));
  await Promise.race([once(child.stdin!, 'drain'), end]);
}

/** Runs a shell command line where `stapflame` stands for the built command. */
export function shell(line: string, ...words: readonly string[]): Promise<Finished> {
  const script = `stapflame() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const env = { ...process.env, NODE: process.execPath, MAIN };
  return startReading('bash', ['-c', script, 'bash', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env })
    .end;
}

/** Creates a separate directory for each test, and checks after the test that it contains no temporary files. */
export function ownDirectory(): { readonly path: string } {
  const own = { path: '' };
  beforeEach(() => {
    own.path = temporaryDirectory();
  });
  afterEach(() => {
    const left = readdirSync(own.path).filter(
      (name) => name.startsWith('.stapflame-') || name.startsWith('stapflame-'),
    );
    expect(left).toEqual([]);
  });
  return own;
}
