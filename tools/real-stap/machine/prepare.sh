#!/usr/bin/env bash
# Makes the laboratory ready: the root directory of a Debian (STAPFLAME_DISTRIBUTION), targets, and the machine that
# loads modules for real. Each step is left out when its result is there.
# Prints the kernel's release and the directory of the laboratory. Ends with 97 where this machine cannot run it.
source "$(dirname "$0")/common.sh"
source "$HERE/packages.sh"
source "$HERE/root.sh"
source "$HERE/targets.sh"
source "$HERE/rootfs.sh"

exec 9> "$WORK/lock"
flock 9
# what runs left that were killed: the name says of which process
for left in "$LAB"/{run,boot,symbols}.*; do
  owner=${left##*/} owner=${owner#*.} owner=${owner%%.*}
  [ ! -e "$left" ] || [ -d "/proc/$owner" ] || rm -rf "$left"
done
install_packages debootstrap qemu-system-x86 binutils cpio e2fsprogs lz4 xz-utils zstd linux-perf openssh-client
make_root
release=$(cat "$LAB/release")
build_targets
build_rootfs
bash "$HERE/kernel-symbols.sh" "$release"
printf '%s\n%s\n' "$release" "$LAB"
