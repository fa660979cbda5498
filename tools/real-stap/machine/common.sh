# Shared by the laboratory's steps. WORK is the directory for everything that they build, LAB the part for one
# distribution. Both are kept between runs.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=${STAPFLAME_LAB:-${HERE%/*}/.work}
DISTRIBUTION=${STAPFLAME_DISTRIBUTION:-bookworm}
LAB=$WORK/$DISTRIBUTION
mkdir -p "$LAB"
say() { printf 'laboratory (%s): %s\n' "$DISTRIBUTION" "$*" >&2; }
die() { say "$*"; exit 98; }
# a machine that cannot run the tests is not a failed test
cannot() { say "cannot run on this machine: $*"; exit 97; }
# prints the end of a failed step's log, then dies
die_with() { tail -5 "$1" >&2; shift; die "$*"; }
# runs a command in the distribution's root directory
inside() { bash "$HERE/inside.sh" "$@"; }
