import { ask } from './ask.ts';
import { notRun, reasonOf, type RunnerExit } from './exit.ts';
import { shellCommand } from './commands.ts';
import { resolveOptions, type RunnerOptions } from './options.ts';

/** Data about a machine and one of its processes, for generating a script and for looking up names later. */
export interface Site {
  /** The kernel release that `uname -r` prints. */
  readonly release: string;
  /** Number of online CPUs. */
  readonly cpus: number;
  /** The lines in /proc/modules about SystemTap's modules. */
  readonly modules: string;
  /** Whether the process exists; `undefined` if no process was requested. */
  readonly alive: boolean | undefined;
  /** The contents of /proc/PID/maps; empty if that file cannot be read. */
  readonly maps: string;
  /**
   * The files that the process maps as code and that are at the same paths on the machine. If the process is in a
   * container, the machine may have a different file at such a path, or none.
   */
  readonly files: readonly string[];
  /** Build-ids (hexadecimal) of the files mapped as code, if `readelf` is installed to read them. */
  readonly buildIds: Readonly<Record<string, string>>;
}

/** The site or, if it could not be inspected, how the attempt ended. */
export type Inspection = { readonly site: Site } | { readonly exit: RunnerExit };

/** Limit on the number of files. A process maps a few hundred files. */
const MOST_FILES = 1024;

/**
 * Inspects the machine where stap will run. Failures are part of the result, except that `INVALID_OPTIONS` is thrown.
 */
export async function inspect(options: RunnerOptions, pid?: number): Promise<Inspection> {
  const resolved = resolveOptions(options);
  const { stdout, stderr, exitCode, signal, spawnError } = await ask(shellCommand(resolved, probe(pid)));
  const site = parseSite(stdout);
  if (exitCode === 0 && site) return { site };
  const ending = { exitCode, signal, spawnError, messages: stderr };
  const reason = reasonOf({ ...ending, stopped: false, far: resolved.host !== undefined });
  // the probe ended normally, but its output is not valid
  const exit = notRun(reason === 'ended' ? 'failed' : reason, stderr);
  return { exit: { ...exit, exitCode, signal } };
}

/**
 * Returns a shell script that prints lines with a key and a value. Only root may read the maps of another user's
 * process and open mapped files through map_files. A path in the maps, which the target chose, is opened only if it
 * leads to the regular file that the target has mapped.
 */
function probe(pid: number | undefined): string {
  const machine = `echo "release $(uname -r)"; echo "cpus $(nproc)"
sed -n 's/^stap/modules stap/p' /proc/modules 2> /dev/null`;
  if (pid === undefined) return `${machine}\nexit 0`;
  return `${machine}
p=/proc/${pid}
[ -d $p ] && echo alive yes || echo alive no
maps=$(cat $p/maps 2> /dev/null || sudo -n cat $p/maps 2> /dev/null)
printf '%s\\n' "$maps" | sed 's/^/maps /'
printf '%s\\n' "$maps" | sed -n 's,^0*\\([^-]*\\)-0*\\([^ ]*\\) ..x[^ ]* [^ ]* [^ ]* \\([^ ]*\\) *\\(/.*\\)$,\\1-\\2 \\3 \\4,p' |
sort -u -k 3 | head -n ${MOST_FILES} | while read -r range inode file; do
  mapped=$p/map_files/$range
  lies=no
  if [ -f "$file" ] && [ ! -L "$file" ] && [ "$(stat -c %i "$file")" = "$inode" ]; then lies=yes; fi
  [ $lies = no ] || printf 'file %s\\n' "$file"
  if [ -f "$mapped" ]; then it=$mapped; elif [ $lies = yes ]; then it=$file; else continue; fi
  id=$(timeout 10 readelf -n "$it" 2> /dev/null | sed -n 's/.*Build ID: \\([0-9a-f]*\\).*/\\1/p')
  [ -z "$id" ] || printf 'build-id %s %s\\n' "$id" "$file"
done
exit 0`;
}

function parseSite(text: string): Site | undefined {
  const values = (key: string): string[] =>
    text.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const lines = (key: string): string =>
    values(key)
      .filter(Boolean)
      .map((line) => `${line}\n`)
      .join('');
  const [release] = values('release');
  const cpus = Number(values('cpus')[0]);
  if (!release || !(cpus > 0)) return undefined;
  const [alive] = values('alive');
  const buildIds = values('build-id').map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(space + 1), line.slice(0, space)] as const;
  });
  return {
    release,
    cpus,
    modules: lines('modules'),
    alive: alive === undefined ? undefined : alive === 'yes',
    maps: lines('maps'),
    files: values('file'),
    buildIds: Object.fromEntries(buildIds),
  };
}
