# Shared by the steps of the laboratory. WORK holds everything that is made, LAB what belongs to one distribution; both
# are kept between runs.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=${STAPFLAME_LAB:-${HERE%/*}/.work}
DISTRIBUTION=${STAPFLAME_DISTRIBUTION:-bookworm}
LAB=$WORK/$DISTRIBUTION
mkdir -p "$LAB"
say() { printf 'laboratory (%s): %s\n' "$DISTRIBUTION" "$*" >&2; }
die() { say "$*"; exit 98; }
# what this machine cannot do is no failure of what is tested
cannot() { say "cannot run on this machine: $*"; exit 97; }
# the first failing step's log, where it says most
die_with() { tail -5 "$1" >&2; shift; die "$*"; }
# a command in the root directory of the distribution
inside() { bash "$HERE/inside.sh" "$@"; }
