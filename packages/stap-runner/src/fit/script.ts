import { quoted } from '../commands.ts';
import { MISFITS, type MisfitRow } from './misfits.ts';

/** The paths and the kernel release that the script uses. */
export interface FitPaths {
  /** The stap command. */
  readonly stap: string;
  /** The kernel's release, or `undefined` for the running kernel. */
  readonly release: string | undefined;
  /** The directory that contains each release's headers. @defaultValue '/lib/modules' */
  readonly modules?: string;
  /** The directory for patched copies. @defaultValue `/var/cache/stapflame` for root, otherwise `~/.cache/stapflame` */
  readonly cache?: string;
}

/**
 * Returns a shell script that looks for mismatches. With `make`, the script also creates the patched copy of the
 * runtime, or checks that an existing copy is unchanged. The script runs on the same machine and as the same user as
 * stap, because source code that root compiles into the kernel must be in a directory that only root can write to. The
 * script prints lines with a key and a value: `misfit CODE`, `strange CODE` (the source is unknown), `diff LINE`,
 * `runtime DIRECTORY`, `refused REASON`.
 */
export function fitScript(
  { stap, release, modules = '/lib/modules', cache }: FitPaths,
  make: 'look' | 'make',
): string {
  const [command, headers] = [quoted([stap]), quoted([modules])];
  return `LC_ALL=C; export LC_ALL
umask 077
stap=$(command -v ${command}) || exit 0
runtime=$(dirname "$(dirname "$(readlink -f "$stap")")")/share/systemtap/runtime
[ -d "$runtime" ] || exit 0
release=${release === undefined ? '$(uname -r)' : quoted([release])}
refuse() { echo "refused $*"; exit 0; }
# header WORD FILE…: succeeds if one of these kernel headers contains the word; returns 2 if there are no headers
header() {
  word=$1; shift; found=2
  for file; do for kind in source build; do
    [ -f ${headers}/"$release/$kind/$file" ] || continue
    grep -q -- "$word" ${headers}/"$release/$kind/$file" && return 0
    found=1
  done; done
  return $found
}
# once FILE: succeeds if the file contains the line $line exactly once
once() { [ "$(awk '$0 == ENVIRON["line"] { n++ } END { print n + 0 }' "$runtime/$1")" = 1 ]; }
edits=
${MISFITS.map(recognition).join('')}
[ -n "$edits" ] || exit 0
# patched DIRECTORY: creates a patched copy in the directory
patched() {
  cp -rL -- "$runtime/." "$1" || refuse "the runtime cannot be copied to $1"
  for code in $edits; do case $code in
${MISFITS.map(mending).join('')}  esac; done
}
${make === 'make' ? makeCopy(cache) : LOOK}`;
}

/**
 * Returns shell commands that look for one mismatch. If they find it, they print its name, and add the name to $edits if
 * the mismatch can be patched.
 */
function recognition({ code, file, fits, fitsIn = file, minor, kernel, edits }: MisfitRow): string {
  const lines = edits.map(({ before }) => `line=${quoted([before])}; export line; once ${file} || known=`);
  const asked = minor ? '[ -n "$edits" ] && ' : '';
  const strange = minor ? '' : ` else echo strange ${code};`;
  return `header ${kernel.word} ${kernel.headers.join(' ')}
if [ $? = ${kernel.has ? 0 : 1} ] && ${asked}[ -f "$runtime/${file}" ] && [ -f "$runtime/${fitsIn}" ] && ! grep -q ${fits} "$runtime/${fitsIn}"; then
  known=yes
  ${lines.join('\n  ')}
  if [ -n "$known" ]; then echo misfit ${code}; edits="$edits ${code}";${strange} fi
fi
`;
}

/** Returns the branch of a shell `case` statement that edits a mismatch's file in the copy of the runtime. */
function mending({ code, file, edits }: MisfitRow): string {
  const steps = edits.map(
    ({ before, after }) => `line=${quoted([before])}; new=${quoted([after.join('\n')])}; export line new
      awk '$0 == ENVIRON["line"] { print ENVIRON["new"]; next } { print }' "$1/${file}" > "$1/${file}.new" &&
        mv "$1/${file}.new" "$1/${file}" || refuse "the copy of ${file} cannot be edited"`,
  );
  return `    ${code})
      ${steps.join('\n      ')} ;;
`;
}

/** Shell code that shows how a patched copy would differ from the runtime, without leaving files behind. */
const LOOK = `copy=$(mktemp -d) || exit 0
trap 'rm -rf "$copy"' EXIT
patched "$copy"
(cd "$copy" && diff -ru "$runtime" . | sed 's/^/diff /')
`;

/**
 * Shell code that creates the directory $base, where only the user whom stap runs as can write, and checks that nobody
 * else can replace it. It calls `refuse` with the reason if that is not so.
 *
 * @param cache the directory @defaultValue `/var/cache/stapflame` for root, otherwise `~/.cache/stapflame`
 */
export function makeBase(cache: string | undefined): string {
  const base =
    cache === undefined
      ? `if [ "$(id -u)" = 0 ]; then base=/var/cache/stapflame
else base=$(getent passwd "$(id -u)" | cut -d: -f6)/.cache/stapflame; fi`
      : `base=${quoted([cache])}`;
  return `${base}
mkdir -p "$base" || refuse "$base cannot be created"
# a user who may write to a directory on the path could replace the directories below it
part=$base
while :; do
  [ -d "$part" ] && [ ! -L "$part" ] || refuse "$part is a link or not a directory"
  [ -z "$(find "$part" -maxdepth 0 ! -user 0 ! -user "$(id -u)")" ] || refuse "$part belongs to another user"
  [ -z "$(find "$part" -maxdepth 0 -perm /022)" ] || refuse "other users can write to $part"
  [ "$part" = / ] && break
  part=$(dirname "$part")
done
chmod 700 "$base" || refuse "$base belongs to another user"
`;
}

function makeCopy(cache: string | undefined): string {
  return `${makeBase(cache)}expected=$(mktemp -d "$base/new.XXXXXX") || refuse "$base cannot be written to"
trap 'rm -rf "$expected"' EXIT
patched "$expected"
copy=$base/runtime-$(cd "$expected" && find . -type f | sort | xargs -d '\\n' sha256sum | sha256sum | cut -c 1-16)
if [ -e "$copy" ] || [ -L "$copy" ]; then
  planted=$(find "$copy" \\( ! -type f ! -type d \\) -o ! -user "$(id -u)" -o -perm /022 | head -n 1)
  [ -z "$planted" ] || refuse "$planted was not created by stapflame; remove $copy"
  differs=$(diff -rq --no-dereference "$expected" "$copy" | head -n 1)
  [ -z "$differs" ] || refuse "the copy differs from the patched runtime ($differs); remove $copy"
else
  chmod -R go-w "$expected" && mv -T "$expected" "$copy" || refuse "$copy cannot be created"
fi
echo "runtime $copy"
`;
}
