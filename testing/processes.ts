import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { atEnd } from './cleanup.ts';

/** How a program ended, and its output. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program, and a promise for how it ends. */
export interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<Finished>;
}

/**
 * Starts a program like `spawn`, in a new process group. The group is killed when the test ends (see `atEnd`), so
 * that no process outlives the test that started it.
 */
export function startProcess(
  program: string,
  words: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(program, words, { stdio: 'pipe', ...options, detached: true });
  const closed = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', resolve);
  });
  atEnd(async () => {
    killGroup(child.pid);
    // a process that left the group may still hold our pipes open, so do not wait for it
    for (const stream of child.stdio) stream?.destroy();
    await closed;
  });
  // the program may end before it has read everything
  child.stdin?.on('error', () => undefined);
  return child;
}

/** Starts a program like `startProcess`, and collects its output. */
export function startReading(program: string, words: readonly string[], options: SpawnOptions = {}): Running {
  const child = startProcess(program, words, options);
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('close', (...ended) => resolve(ended));
    child.once('error', reject);
  });
  const texts = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''));
  const end = Promise.all([closed, ...texts]).then(([[code, signal], stdout, stderr]) => ({
    code,
    signal,
    stdout: stdout!,
    stderr: stderr!,
  }));
  // a caller that does not wait for the end must not see an unhandled rejection
  end.catch(() => undefined);
  return { child, end };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
