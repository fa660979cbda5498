#!/usr/bin/env bash
# Prepares the laboratory: the root directory of a Debian release (STAPFLAME_DISTRIBUTION), the targets, and the machine
# that really loads modules. Each step is skipped if its result exists. Prints the kernel's release and the laboratory's
# directory. Exits with 97 if this machine cannot run the laboratory.
source "$(dirname "$0")/common.sh"
source "$HERE/packages.sh"
source "$HERE/root.sh"
source "$HERE/targets.sh"
source "$HERE/rootfs.sh"

exec 9> "$WORK/lock"
flock 9
# remove what killed runs left; each name contains the process ID of its run
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
