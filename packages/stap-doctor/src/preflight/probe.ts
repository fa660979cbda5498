/** What the probe examines in addition to the machine itself. */
export interface ProbeRequest {
  /** The process to examine. */
  readonly pid?: number;
  /** Absolute paths of additional files to check for symbols. */
  readonly files?: readonly string[];
}

/** The name of the output's last section. If that section is missing, the probe did not finish. */
export const END = 'end';

/**
 * Returns the script that gathers the facts. It runs in any POSIX shell, on this machine or over ssh, and changes
 * nothing. Its output can be saved and read later.
 *
 * The script prints sections. Each starts with `[NAME]` at the beginning of a line. The lines of the result follow,
 * each indented by a space, so no file name or tool output can be mistaken for the start of a section. A section is
 * empty if its subject is missing or cannot be read. Each `[module]` section is followed by the sections about that
 * file.
 */
export function probeScript({ pid, files = [] }: ProbeRequest = {}): string {
  const listed = files.filter((file) => /^\/[^\n\0]*$/.test(file));
  return [
    MACHINE,
    ...(pid === undefined ? [] : [`pid=${Math.trunc(pid)}\n${TARGET}`]),
    // the shell expands nothing in a quoted here-document, and no absolute path can equal its end marker
    `${pid === undefined ? '' : '{ mapped; '}cat <<'FILES'${pid === undefined ? '' : '; }'} | modules\n${listed.map((file) => `${file}\n`).join('')}FILES\n`,
    `printf '[${END}]\\n'\n`,
  ].join('');
}

/** Kernel options that SystemTap requires (see its README and runtime), and options that restrict modules. */
const OPTIONS =
  'MODULES|MODULE_UNLOAD|MODULE_SIG_FORCE|KPROBES|RELAY|DEBUG_FS|PROC_FS|TRACEPOINTS|PERF_EVENTS|UPROBES|UTRACE|KALLSYMS';

const MACHINE = `
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
root= pid=
fact() { printf '[%s]\\n' "$1"; shift; { "$@"; echo; } 2>/dev/null </dev/null | sed 's/^/ /'; }
first() { for f; do [ -r "$f" ] && { cat "$f"; return; }; done; }
there() { for f; do [ -r "$f" ] && printf '%s\\n' "$f"; done; }
release=$(uname -r)
modules=/lib/modules/$release

# read only once, because each query takes a second where apt keeps no cache, as in containers
apt_names=$(command -v apt-cache >/dev/null && apt-cache pkgnames 2>/dev/null </dev/null | grep -E '^linux-headers-|-dbg(sym)?$')

programs() {
  find_staprun
  for p in stap gcc make sudo readelf eu-readelf debuginfod-find; do command -v "$p"; done
}
# only members of stapusr may execute staprun, so for other users the shell would not find it
find_staprun() (
  IFS=:
  for d in $PATH; do [ -f "$d/staprun" ] && printf '%s\\n' "$d/staprun" && return; done
)
container() {
  [ -e /.dockerenv ] && echo docker
  [ -e /run/.containerenv ] && echo podman
  cat /run/systemd/container
  tr '\\0' '\\n' </proc/1/environ | sed -n 's/^container=//p'
}
config() {
  for f in "/boot/config-$release" /proc/config.gz "$modules/config" "$modules/build/.config"; do
    [ -r "$f" ] || continue
    case $f in *.gz) text=$(gzip -dc "$f") ;; *) text=$(cat "$f") ;; esac
    [ -n "$text" ] || continue
    printf '%s\\n' "$f"
    printf '%s\\n' "$text" | grep -E '^(# )?CONFIG_(${OPTIONS})[ =]'
    return
  done
}
runtime() {
  stap=$(command -v stap) || return
  d=\${stap%/bin/stap}/share/systemtap/runtime
  [ -d "$d" ] && printf '%s\\n' "$d" && grep -rlsF task_work_cancel_func "$d"
}
# whether apt knows a package with headers for this kernel; it does not if the kernel came from elsewhere
headers_package() {
  [ -r "$modules/build/.config" ] && return
  command -v apt-cache >/dev/null || return
  printf '%s\\n' "$apt_names" | grep -qxF "linux-headers-$release" && echo yes || echo no
}
sudo_stap() {
  command -v sudo >/dev/null || return
  if command -v stap >/dev/null; then sudo -n stap -V; else sudo -n true; fi >/dev/null 2>&1 && echo yes || echo no
}
fact release uname -r
fact machine uname -m
fact user id -un
fact uid id -u
fact groups id -Gn
fact process cat /proc/self/status
fact programs programs
fact stap stap -V
fact staprun ls -lnL "$(find_staprun)"
fact runtime runtime
fact sudo sudo_stap
fact container container
fact yama cat /proc/sys/kernel/yama/ptrace_scope
fact lockdown cat /sys/kernel/security/lockdown
fact signatures cat /sys/module/module/parameters/sig_enforce
fact loaded grep ^stap /proc/modules
fact modules-disabled cat /proc/sys/kernel/modules_disabled
fact secure-boot od -An -tu1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
fact kptr cat /proc/sys/kernel/kptr_restrict
# the first symbols may be offsets in per-CPU memory, which are 0 for everyone
fact kallsyms sed -n '/^0*[1-9a-f]/{p;q;}' /proc/kallsyms
# Debian's packages contain a System.map whose only line names the package that has the real one
fact system-map grep -ls ' [tT] ' "/boot/System.map-$release" "$modules/System.map" "$modules/build/System.map"
fact headers there "$modules/build/.config" "$modules/build/Makefile"
fact headers-package headers_package
fact header-rename grep -lsF task_work_cancel_func "$modules/build/include/linux/task_work.h" "$modules/source/include/linux/task_work.h"
fact config config
fact os-release first /etc/os-release /usr/lib/os-release /etc/redhat-release
fact debuginfod printf '%s' "\${DEBUGINFOD_URLS-}"

elf() { timeout 20 $reader -W -S -n --string-dump=.gnu_debuglink "$1"; }
# how many functions .dynsym defines: possibly none, because a program may have the section only for functions that it calls
exports() {
  case $reader in *eu-readelf) symbols=--symbols=.dynsym ;; *) symbols=--dyn-syms ;; esac
  timeout 20 $reader -W $symbols "$1" | grep -cE ' (FUNC|IFUNC|GNU_IFUNC|LOOS\\+[0-9a-f]+) +[A-Z]+ +[A-Z]+ +[0-9]+ '
}
reader=$(command -v readelf || command -v eu-readelf)
command -v timeout >/dev/null || timeout() { shift; "$@"; }

# examines each file listed on standard input, then finds the packages that contain the files
modules() {
  set --
  while IFS= read -r path; do
    [ -n "$path" ] || continue
    fact module printf '%s' "$path"
    file=$root$path
    [ -f "$file" ] && [ -r "$file" ] || continue
    set -- "$@" "$path"
    [ -n "$reader" ] || continue
    text=$(elf "$file" 2>/dev/null </dev/null)
    fact elf printf '%s' "$text"
    case $text in *SYMTAB*) ;; *) fact exports exports "$file" ;; esac
    id=$(printf '%s\\n' "$text" | sed -n 's/.*Build ID: *\\([0-9a-f][0-9a-f]*\\).*/\\1/p' | head -n 1)
    link=$(printf '%s\\n' "$text" | sed -n '/^String /,$s/^  *\\[ *0\\]  *\\([^ ].*\\)$/\\1/p' | head -n 1)
    tail=\${id#??}
    for debug in \${id:+"$root/usr/lib/debug/.build-id/\${id%"$tail"}/$tail.debug"} \\
      \${link:+"\${file%/*}/$link" "\${file%/*}/.debug/$link" "$root/usr/lib/debug\${path%/*}/$link"}; do
      [ -f "$debug" ] && [ -r "$debug" ] || continue
      fact debug-file printf '%s' "\${debug#"$root"}"
      fact debug-elf elf "$debug"
      break
    done
  done
  [ $# -gt 0 ] && owners "$@"
}
owners() {
  if [ -n "$root" ]; then fact module-os-release first "$root/etc/os-release" "$root/usr/lib/os-release" "$root/etc/redhat-release"; fi
  if command -v dpkg-query >/dev/null && [ -d "$root/var/lib/dpkg" ]; then
    fact dpkg-owners dpkg_owners "$@"
    packages=$(dpkg_owners "$@" 2>/dev/null | sed -n '/^diversion /d; s/: \\/.*//p' | sed 's/, /\\
/g' | sort -u)
    # shellcheck disable=SC2086
    fact dpkg-packages dpkg-query --admindir="$root/var/lib/dpkg" -W -f '\${binary:Package} \${Version} \${Package}\\n' $packages
    fact apt-debug apt_debug $packages
  fi
  if command -v rpm >/dev/null; then fact rpm-owners rpm_owners "$@"; fi
  if command -v pacman >/dev/null; then fact owned-by pacman \${root:+--sysroot "$root"} -Qo "$@"; fi
  if command -v apk >/dev/null; then fact owned-by apk \${root:+--root "$root"} info -W "$@"; fi
}
# dpkg would expand wildcards, and knows a file by its path in the package: /lib/… for what is now /usr/lib/…
dpkg_owners() {
  for path; do
    shift
    case $path in *[][*?\\\\]*) continue ;; esac
    set -- "$@" "$path"
    case $path in /usr/*) set -- "$@" "\${path#/usr}" ;; esac
  done
  [ $# -gt 0 ] && dpkg-query --admindir="$root/var/lib/dpkg" -S "$@"
}
# only for files on this machine: its apt knows nothing about a container's packages
apt_debug() {
  [ -z "$root" ] && command -v apt-cache >/dev/null || return
  for p; do shift; set -- "$@" -e "\${p%%:*}-dbg" -e "\${p%%:*}-dbgsym"; done
  [ $# -gt 0 ] && printf '%s\\n' "$apt_names" | grep -xF "$@"
}
rpm_owners() {
  for path; do
    names=$(rpm \${root:+--root "$root"} -qf --qf '%{NAME}\\t%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n' -- "$path" 2>/dev/null) &&
      printf '%s\\t%s\\n' "\${names%%
*}" "$path"
  done
}
`;

const TARGET = `
fact target-status cat "/proc/$pid/status"
fact target-exe readlink "/proc/$pid/exe"
fact target-maps cat "/proc/$pid/maps"
theirs=$(readlink "/proc/$pid/ns/mnt" 2>/dev/null)
if [ -n "$theirs" ] && [ "$theirs" != "$(readlink /proc/$$/ns/mnt)" ]; then
  root=/proc/$pid/root
  fact target-root printf '%s' "$root"
fi
# prints the path of every file that is mapped as executable
mapped() { sed -n 's,^[^ ]* ..x[^ ]* [^ ]* [^ ]* [^ ]*  *\\(/.*\\)$,\\1,p' "/proc/$pid/maps" 2>/dev/null | sort -u; }
`;
