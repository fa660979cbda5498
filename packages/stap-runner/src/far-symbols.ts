import { ask } from './ask.ts';
import { quoted, shellCommand } from './commands.ts';
import { resolveOptions, type RunnerOptions } from './options.ts';

const MEBIBYTE = 2 ** 20;
/** Limit on a perf map's size. A map with 200,000 functions is about 20 MB long. */
const MOST_PERF_MAP_MEBIBYTES = 32;
/** Limit on the list of kernel functions. The list for a kernel and its modules is about 8 MB long. */
const MOST_KERNEL_BYTES = 64 * MEBIBYTE;

/**
 * Reads the perf map that a process's JIT compiler wrote on the machine where stap runs. Returns `undefined` if there
 * is no such file. The process can replace the file with anything at any time, so it is read with the rights of the
 * process's user and with a size limit, without following links or waiting for a pipe. Throws `INVALID_OPTIONS`.
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

/**
 * Reads the kernel's functions from /proc/kallsyms on the machine where stap runs. Returns `undefined` if their
 * addresses are hidden.
 */
export function readKernelSymbols(options: RunnerOptions): Promise<string | undefined> {
  const script = `as=; [ "$(id -u)" = 0 ] || as='sudo -n'
$as cat /proc/kallsyms | grep -E '^0*[1-9a-f][0-9a-f]* [tTwW] '`;
  return outputOf(options, script, MOST_KERNEL_BYTES);
}

/** Limit on the lists of exported functions. Programs and most libraries export at most a few thousand. */
const MOST_EXPORTED_BYTES = 8 * MEBIBYTE;

/**
 * On the machine where stap runs, lists the exported functions of those files in which only exported functions have
 * names. The lines (`SIZE NAME`) have the format of `exportedFunctions` in @stapflame/symbols. The result is empty if
 * that machine has no `readelf`. Throws `INVALID_OPTIONS`.
 */
export async function readExported(
  options: RunnerOptions,
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (files.length === 0) return {};
  const script = `for file in ${quoted(files)}; do
  [ -f "$file" ] || continue
  ! timeout 10 readelf -SW "$file" 2> /dev/null | grep -qE ' (SYMTAB|\\.debug_info|\\.gnu_debugdata) ' || continue
  printf '//%s\\n' "$file"
  timeout 10 readelf --dyn-syms -W "$file" 2> /dev/null |
  awk '($4 == "FUNC" || $4 == "IFUNC" || $4 == "NOTYPE") && $7 != "UND" && NF > 7 { print $3, $8 }'
done`;
  return sizesIn((await outputOf(options, script, MOST_EXPORTED_BYTES)) ?? '');
}

/** Collects the size of each function, or of its largest version if it has several. */
function sizesIn(text: string): Readonly<Record<string, string>> {
  const files = new Map<string, Map<string, number>>();
  let sizes = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.startsWith('//')) files.set(line.slice(2), (sizes = new Map()));
    const [, size, name] = /^((?:0x)?[0-9a-f]+) ([^@]+)/.exec(line) ?? [];
    if (name !== undefined) sizes.set(name, Math.max(sizes.get(name) ?? 0, Number(size)));
  }
  return Object.fromEntries(
    Array.from(files, ([file, found]) => [
      file,
      Array.from(found, ([name, size]) => `${size.toString(16)} ${name}\n`).join(''),
    ]).filter(([, lines]) => lines !== ''),
  );
}

/** Returns the output of a shell script, or `undefined` if the script fails or prints nothing or too much. */
async function outputOf(options: RunnerOptions, script: string, most: number): Promise<string | undefined> {
  const command = shellCommand(resolveOptions(options), script);
  const { stdout, exitCode, tooLong } = await ask(command, { most });
  return exitCode === 0 && !tooLong && stdout !== '' ? stdout : undefined;
}
