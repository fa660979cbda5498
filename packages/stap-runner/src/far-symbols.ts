import { execa } from 'execa';
import { canSpawn } from './can-spawn.ts';
import { shellCommand } from './commands.ts';
import { resolveOptions, type RunnerOptions } from './options.ts';

const MEBIBYTE = 2 ** 20;
/** A perf map of 200,000 functions has 20 MB. */
const MOST_PERF_MAP_MEBIBYTES = 32;
/** The functions of a kernel and its modules take about 8 MB. */
const MOST_KERNEL_BYTES = 64 * MEBIBYTE;

/**
 * The perf map that the JIT of a process wrote where stap runs; `undefined` if there is no map to read. The
 * process chose the file and can replace it at any time. So it is read with the rights of the process's own user
 * and a limit on its size, without following links or waiting for a pipe. Throws `INVALID_OPTIONS`.
 */
export function readPerfMap(options: RunnerOptions, pid: number): Promise<string | undefined> {
  const script = `p=/proc/${pid}
field() { sed -n "s/^$1:.*[[:space:]]\\([0-9]*\\)$/\\1/p" $p/status; }
id() { awk -v field="$1:" '$1 == field { print $3 }' $p/status; }
own=$(field NSpid)
uid=$(id Uid) gid=$(id Gid)
[ -n "$own" ] && [ -n "$uid" ] && [ -n "$gid" ] || exit 1
as=
me=$(command id -u)
if [ "$me" != "$uid" ]; then
  as="setpriv --reuid=$uid --regid=$gid --clear-groups"
  [ "$me" = 0 ] || as="sudo -n $as"
fi
exec $as sh -c '[ -f "$0" ] && [ "$(stat -c %u "$0")" = "$1" ] || exit 1
[ "$(stat -c %s "$0")" -le ${MOST_PERF_MAP_MEBIBYTES * MEBIBYTE} ] || exit 1
exec dd if="$0" iflag=nofollow,nonblock bs=1M count=${MOST_PERF_MAP_MEBIBYTES}' "$p/root/tmp/perf-$own.map" "$uid"`;
  return outputOf(options, script, MOST_PERF_MAP_MEBIBYTES * MEBIBYTE + 1);
}

/** The functions of the kernel where stap runs, as /proc/kallsyms lists them; `undefined` if they are hidden. */
export function readKernelSymbols(options: RunnerOptions): Promise<string | undefined> {
  const script = `as=; [ "$(id -u)" = 0 ] || as='sudo -n'
$as cat /proc/kallsyms | grep -E '^0*[1-9a-f][0-9a-f]* [tTwW] '`;
  return outputOf(options, script, MOST_KERNEL_BYTES);
}

/** What a shell script prints; `undefined` if it prints nothing or too much, or fails. */
async function outputOf(options: RunnerOptions, script: string, most: number): Promise<string | undefined> {
  const { file, args } = shellCommand(resolveOptions(options), script);
  if (!canSpawn()) return undefined;
  const { stdout, exitCode, isMaxBuffer } = await execa(file, args, {
    stdin: 'ignore',
    stderr: 'ignore',
    reject: false,
    maxBuffer: most,
    stripFinalNewline: false,
  });
  return exitCode === 0 && !isMaxBuffer && stdout !== '' ? stdout : undefined;
}
