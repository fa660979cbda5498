#!/usr/bin/env bash
# Makes the laboratory ready: Debian packages, SystemTap's runtime for the kernel, targets, and the machine
# that loads modules for real. Each step is left out when its result is there.
# Prints the kernel's release and the directory of the laboratory. Ends with 97 where this machine cannot run it.
source "$(dirname "$0")/common.sh"
source "$HERE/packages.sh"
source "$HERE/runtime.sh"
source "$HERE/targets.sh"
source "$HERE/kernel.sh"
source "$HERE/rootfs.sh"

exec 9> "$WORK/lock"
flock 9
# what runs left that were killed: the name says of which process
for left in "$WORK"/{run,boot,symbols}.*; do
  owner=${left##*/} owner=${owner#*.} owner=${owner%%.*}
  [ ! -e "$left" ] || [ -d "/proc/$owner" ] || rm -rf "$left"
done
install_packages systemtap systemtap-runtime gcc g++ make binutils qemu-system-x86 busybox-static cpio lz4 linux-perf openssh-server openssh-client
fetch_kernel
KV=$(kernel_release)
mend_runtime "$KV"
build_targets
build_rootfs "$KV"
bash "$HERE/kernel-symbols.sh" "$KV"
printf '%s\n%s\n' "$KV" "$WORK"
