import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process to measure: its command line, and the source of its standard input. */
export interface Work {
  readonly words: readonly string[];
  /** A file to open, a command at the far end of a pipe (its stderr goes to the file `facts`), or nothing. */
  readonly stdin?: { readonly file: string } | { readonly pipe: readonly string[]; readonly facts: string };
}

export interface Measurement {
  /** User and system time in seconds, in steps of 10 ms. */
  readonly cpu: number;
  readonly wall: number;
  /** Peak resident memory in bytes. */
  readonly rss: number;
  readonly exitCode: number;
}

const GNU_TIME = '/usr/bin/time';

export function requireGnuTime(): void {
  if (existsSync(GNU_TIME)) return;
  throw new Error(`${GNU_TIME} is needed to measure; install it: apt-get install time`);
}

/**
 * Runs a process through GNU time, whose wait4 returns the kernel's figures for that process and the children it waited
 * for, but not for the other end of a pipe. Node cannot get these figures for a child. They would also be wrong if Node
 * forked the process, because a process inherits the peak memory from before exec; `time` is small. The shell makes the
 * pipe, as it does for users: Node's own would be a socket.
 */
export async function measure(work: Work, dir: string, output: string): Promise<Measurement> {
  const stats = join(dir, 'time.txt');
  const errors = join(dir, 'stderr.txt');
  const timed = [GNU_TIME, '-q', '-o', stats, '-f', '%U %S %e %M', ...work.words].map(quoted).join(' ');
  const redirected = `${timed} > ${quoted(output)} 2> ${quoted(errors)}`;
  const exitCode = await shell(
    work.stdin === undefined
      ? `${redirected} < /dev/null`
      : 'file' in work.stdin
        ? `${redirected} < ${quoted(work.stdin.file)}`
        : `${work.stdin.pipe.map(quoted).join(' ')} 2> ${quoted(work.stdin.facts)} | ${redirected}`,
  );
  const [user, system, wall, kibibytes] = (await readFile(stats, 'utf8')).trim().split(' ').map(Number);
  return { cpu: user! + system!, wall: wall!, rss: kibibytes! * 1024, exitCode };
}

/** Returns the end of a process's stderr output, for messages. */
export async function lastWords(dir: string): Promise<string> {
  const text = await readFile(join(dir, 'stderr.txt'), 'utf8');
  return text.trim().split('\n').slice(0, 2).join(' / ').slice(0, 300);
}

function shell(script: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Quotes a word for the shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
