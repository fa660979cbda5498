import { ask } from '../ask.ts';
import { quoted, shellCommand, SUDO } from '../commands.ts';
import { resolveOptions, type RunnerOptions } from '../options.ts';
import { makeBase } from './script.ts';

/** The paths that the script uses. */
export interface KernelNamesPaths {
  /** The stap command. */
  readonly stap: string;
  /** The kernel's list of its symbols. @defaultValue '/proc/kallsyms' */
  readonly kallsyms?: string;
  /** The directory in which files of the system are looked for. @defaultValue '' */
  readonly root?: string;
  /** The directory for the file. @defaultValue `/var/cache/stapflame` for root, otherwise `~/.cache/stapflame` */
  readonly cache?: string;
}

/** The kernel's functions for stap, or the reason why there are none. Both are absent if stap needs no help. */
export interface KernelNames {
  /** The value of `SYSTEMTAP_DEBUGINFO_PATH` with which stap finds them. */
  readonly debuginfoPath?: string;
  /** The directory of the file that was made; absent if an earlier run had made it. */
  readonly made?: string;
  readonly refused?: string;
}

/** Where stap looks for debug information by default. Source: stap's man page. */
const DEFAULT_PATH = '+:.debug:/usr/lib/debug:/var/cache/abrt-di/usr/lib/debug:build';
/** Maximum distance of a function from the first one, in bytes. Those of Debian's Linux 7.2 for x86-64 span 46 MB. */
const MOST_CODE = 0x800_0000;

/**
 * stap places probes in kernel functions only if it has a `vmlinux` with symbols, which distributions ship in packages
 * of debug information of hundreds of megabytes. The kernel itself knows its functions, so without such a package, this
 * makes a `vmlinux` that consists only of them, on the machine where stap compiles. The file has no code and no DWARF
 * data. stap uses distances from `_stext`, so the file fits the same kernel after every boot.
 */
export async function makeKernelNames(options: RunnerOptions): Promise<KernelNames> {
  const resolved = resolveOptions(options);
  // this machine's kernel is not the one that modules are compiled for
  if (resolved.compileFor !== undefined) return {};
  const script = kernelNamesScript({ stap: resolved.stap });
  const command = resolved.sudo ? quoted([...SUDO, 'sh', '-c', script]) : script;
  return parseKernelNames((await ask(shellCommand(resolved, command))).stdout);
}

/** Returns the shell script. It prints `path VALUE`, after `made DIRECTORY` if it is new, or `refused REASON`, or nothing. */
export function kernelNamesScript({
  stap,
  kallsyms = '/proc/kallsyms',
  root = '',
  cache,
}: KernelNamesPaths): string {
  const at = quoted([root]);
  return `LC_ALL=C; export LC_ALL
umask 077
command -v ${quoted([stap])} > /dev/null || exit 0
for tool in awk as ld objcopy nm; do command -v $tool > /dev/null || exit 0; done
release=$(uname -r)
for file in /boot/vmlinux-$release /lib/modules/$release/vmlinux /lib/modules/$release/build/vmlinux \\
  /usr/lib/debug/boot/vmlinux-$release /usr/lib/debug/lib/modules/$release/vmlinux \\
  /usr/lib/debug/usr/lib/modules/$release/vmlinux /usr/lib/debug/lib/modules/$release/vmlinux.debug; do
  # the headers of newer kernels (Debian 13) contain a vmlinux with types only
  nm ${at}"$file" 2> /dev/null | grep -q ' _stext$' && exit 0
done
# the kernel shows only zeros to users who may not see its addresses
grep -q '^0*[1-9a-f]' ${quoted([kallsyms])} || exit 0
refuse() { echo "refused $*"; exit 0; }
${makeBase(cache)}
names=$base/kernel-$(uname -rv | cksum | cut -d' ' -f1)
if [ -e "$names" ] || [ -L "$names" ]; then
  planted=$(find "$names" \\( ! -type f ! -type d \\) -o ! -user "$(id -u)" -o -perm /022 | head -n 1)
  [ -z "$planted" ] || refuse "$planted was not created by stapflame; remove $names"
else
  new=$(mktemp -d "$base/new.XXXXXX") || refuse "$base cannot be written to"
  trap 'rm -rf "$new"' EXIT
  mkdir -p "$new/files/boot"
  awk -v base="$new/base" '
    # a number in hexadecimal digits; awk has no such function, and counts exactly only up to 2^53
    function number(digits,  i, n) {
      digits = substr(digits, length(digits) - 11)
      for (i = 1; i <= length(digits); i++) n = n * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
      return n
    }
    NF == 3 && $2 ~ /^[tTwW]$/ && $1 !~ /^0+$/ && $3 ~ /^[A-Za-z0-9_.$]+$/ {
      at = number($1)
      if (first == "") { first = at; print $1 > base }
      if (at >= first && at - first < ${MOST_CODE}) printf "--add-symbol\\n%s=.kernel:%d,function,global\\n", $3, at - first
    }' ${quoted([kallsyms])} > "$new/symbols"
  printf '.section .kernel,"ax",%%nobits\\n.skip ${MOST_CODE}\\n' > "$new/empty.s"
  (cd "$new" && as -o empty.o empty.s && ld -e 0 --section-start=.kernel=0x"$(cat base)" -o empty empty.o &&
    objcopy @symbols empty "files/boot/vmlinux-$release") 2> /dev/null || exit 0
  # another run may have made the same files meanwhile
  mv -T "$new/files" "$names" 2> /dev/null || [ -d "$names" ] || refuse "$names cannot be created"
  echo "made $names"
fi
echo "path \${SYSTEMTAP_DEBUGINFO_PATH-${DEFAULT_PATH}}:$names"
`;
}

export function parseKernelNames(text: string): KernelNames {
  const value = (key: string): string | undefined => new RegExp(`^${key} (.*)$`, 'm').exec(text)?.[1];
  const [debuginfoPath, made, refused] = [value('path'), value('made'), value('refused')];
  if (refused !== undefined) return { refused };
  if (debuginfoPath === undefined) return {};
  return { debuginfoPath, ...(made !== undefined && { made }) };
}
