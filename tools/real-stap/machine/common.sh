# Shared by the steps of the laboratory. WORK holds everything that is kept between runs.
set -euo pipefail
WORK=${STAPFLAME_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/stapflame/real-stap}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$WORK"
say() { printf 'laboratory: %s\n' "$*" >&2; }
die() { say "$*"; exit 98; }

# the newest "cloud" kernel whose headers are installed; nothing where there is none
kernel_release() {
  find /usr/src -maxdepth 1 -name 'linux-headers-*-cloud-amd64' -printf '%f\n' | sed 's/^linux-headers-//' | sort -V | tail -1
}
