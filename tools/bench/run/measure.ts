import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process to measure: its words, and where its standard input comes from. */
export interface Work {
  readonly words: readonly string[];
  /** A file to open, a command at the far end of a pipe (its stderr goes to the file `facts`), or nothing. */
  readonly stdin?: { readonly file: string } | { readonly pipe: readonly string[]; readonly facts: string };
}

export interface Measurement {
  /** User and system time, seconds, in steps of 10 ms. */
  readonly cpu: number;
  readonly wall: number;
  /** The most memory resident at one time, bytes. */
  readonly rss: number;
  readonly exitCode: number;
}

const GNU_TIME = '/usr/bin/time';

export function requireGnuTime(): void {
  if (existsSync(GNU_TIME)) return;
  throw new Error(`${GNU_TIME} is needed to measure; install it: apt-get install time`);
}

/**
 * Runs a process through GNU time, whose wait4 gives what the kernel accounted for that process and the
 * children it waited for; the other end of a pipe is not in it. Node cannot ask this of a child, and the
 * peak would be wrong if it forked itself: a process inherits the peak of what it was before exec, and
 * `time` is small. The pipe is the shell's, as users have it: Node's own would be a socket.
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

/** What a process said on stderr the last time, for messages. */
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

/** A word as the shell reads it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
