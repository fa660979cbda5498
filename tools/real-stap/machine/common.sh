# Shared by the steps of the laboratory. WORK holds everything that is made, and is kept between runs.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=${STAPFLAME_LAB:-${HERE%/*}/.work}
mkdir -p "$WORK"
say() { printf 'laboratory: %s\n' "$*" >&2; }
die() { say "$*"; exit 98; }
# what this machine cannot do is no failure of what is tested
cannot() { say "cannot run on this machine: $*"; exit 97; }

# the newest "cloud" kernel whose headers are installed; nothing where there is none
kernel_release() {
  find /usr/src -maxdepth 1 -name 'linux-headers-*-cloud-amd64' -printf '%f\n' | sed 's/^linux-headers-//' | sort -V | tail -1
}
