import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

/** Returns the date, machine and versions, as lines of a Markdown list. */
export function describeMachine(): string[] {
  const cores = cpus();
  return [
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- machine: ${cores[0]?.model.trim() ?? 'unknown CPU'}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `- system: ${type()} ${release()}`,
    `- stapflame: ${firstLine(['git', 'describe', '--always', '--dirty'])}`,
    `- Node ${process.version}, Perl ${firstLine(['perl', '-e', 'print $^V'])}, mawk ${firstLine(['mawk', '-W', 'version'])}, ${firstLine(['/usr/bin/time', '--version'])}`,
  ];
}

function firstLine(words: readonly string[]): string {
  const { status, stdout } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0]! : 'not found';
}
