import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect } from 'vitest';
import { MAIN, type Finished } from '../stapflame.ts';

export const RECORD = ' 0x1 : leaf+0x1/0x2 [/p]\n 0x2 : root+0x1/0x2 [/p]\n\t3\n';

/** A command that runs, with its end. */
export interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<Finished>;
}

/** Starts the built command; its standard input stays open. */
export function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return watch(spawn(process.execPath, [MAIN, ...words], { stdio: 'pipe', env: { ...process.env, ...env } }));
}

/** Runs a line of shell in which `$stapflame` is the built command. */
export function shell(line: string, ...words: readonly string[]): Promise<Finished> {
  const script = `stapflame() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const env = { ...process.env, NODE: process.execPath, MAIN };
  return watch(spawn('bash', ['-c', script, 'bash', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env }))
    .end;
}

function watch(child: ChildProcess): Running {
  child.stdin?.on('error', () => undefined);
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  const texts = Promise.all([text(child.stdout!), text(child.stderr!)]);
  const end = Promise.all([closed, texts]).then(([[code, signal], [stdout, stderr]]) => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  return { child, end };
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** A directory of its own for each test, which must hold no temporary file at the end. */
export function ownDirectory(): { readonly path: string } {
  const own = { path: '' };
  beforeEach(() => {
    own.path = mkdtempSync(join(tmpdir(), 'stapflame-fault-'));
  });
  afterEach(() => {
    const left = readdirSync(own.path).filter(
      (name) => name.startsWith('.stapflame-') || name.startsWith('stapflame-'),
    );
    rmSync(own.path, { recursive: true });
    expect(left).toEqual([]);
  });
  return own;
}
