#!/usr/bin/env bash
# Makes the laboratory ready: Debian packages, SystemTap's runtime for the kernel, targets, and - with
# `boot` - the machine that loads modules for real. Each step is left out when its result is there.
#   prepare.sh [boot]          prints the kernel's release and the directory of the runtime
source "$(dirname "$0")/common.sh"
source "$HERE/packages.sh"
source "$HERE/runtime.sh"
source "$HERE/targets.sh"

exec 9> "$WORK/lock"
flock 9
need=(systemtap systemtap-runtime gcc g++ make binutils)
[ "${1:-}" != boot ] || need+=(qemu-system-x86 busybox-static cpio lz4)
install_packages "${need[@]}"
KV=$(kernel_release)
mend_runtime "$KV"
build_targets
if [ "${1:-}" = boot ]; then
  source "$HERE/kernel.sh"
  source "$HERE/rootfs.sh"
  fetch_kernel "$KV"
  build_rootfs "$KV"
  bash "$HERE/kernel-symbols.sh" "$KV"
fi
printf '%s\n%s\n' "$KV" "$WORK"
