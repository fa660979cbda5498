import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every program that the doctor's commands run. Each is replaced by a shell function that prints its arguments. */
const PROGRAMS =
  'sudo doas apt-get apt-cache yum dnf debuginfo-install zypper pacman apk rpm dpkg stap staprun stap-prep stapflame ssh ps ls cat grep sed sort head tail tee top uname lsmod mount umount dmesg mokutil reboot sysctl usermod gpasswd adduser deluser newgrp chown chmod cp rm wget zcat mktemp touch evil';

/**
 * Runs each command in a shell and returns its shape: sorted lines `PROGRAM ARGUMENT…`, one for each program that the
 * command runs. In a shape, `.` stands for an argument that may be a value, and `+` for a list at the end; commands
 * that differ only in values have the same shape. The shape of a command with a syntax error is `undefined`.
 */
export function shapesOf(commands: readonly string[]): readonly (string | undefined)[] {
  const directory = mkdtempSync(join(tmpdir(), 'stapflame-shapes-'));
  try {
    for (const [at, command] of commands.entries()) writeFileSync(join(directory, String(at)), command);
    const stubs = PROGRAMS.split(' ').map((name) => `${name}() { printf '%s\\0' ${name} "$@" END >&3; }`);
    const runs = commands.map(
      (_, at) => `printf 'RUN\\0' >&3
(. ./${at}) >out 2>&1 </dev/null || :
printf 'RAN\\0' >&3
/bin/sh -n ./${at} 2>/dev/null || printf 'BAD\\0' >&3`,
    );
    const out = execFileSync('/bin/bash', ['--norc', '--noprofile'], {
      cwd: directory,
      env: { HOME: directory, PATH: directory, USER: 'ana' },
      input: ['exec 3>&1', ...stubs, ...runs, ''].join('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (existsSync(join(directory, 'INJECTED'))) throw new Error('a command executed text from a message');
    return out
      .split('RUN\0')
      .slice(1)
      .map((run) => (run.endsWith('BAD\0') ? undefined : callsIn(run).map(shapeOf).toSorted().join('\n')));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function callsIn(run: string): readonly (readonly string[])[] {
  const [calls = ''] = run.split('RAN\0');
  return calls
    .split('END\0')
    .filter(Boolean)
    .map((call) => call.split('\0').slice(0, -1));
}

function shapeOf(words: readonly string[]): string {
  // dnf does not support `--`, so its list begins after `install`
  // -d takes a value in stap but not in staprun
  const isValue = (at: number): boolean => words[0] === 'stap' && words[at - 1] === '-d';
  const dashes = words.findIndex((word, at) => word === '--' && !isValue(at));
  const end = dashes < 0 ? words.findIndex((word) => word.endsWith('install')) : dashes;
  const head = end < 0 ? words : words.slice(0, end + 1);
  const shapes = head.map((word, at) =>
    !isValue(at) && (at === 0 || word.startsWith('-') || /^[a-z-]+$/.test(word)) ? word : '.',
  );
  return [...shapes, ...(head.length < words.length ? ['+'] : [])].join(' ');
}
