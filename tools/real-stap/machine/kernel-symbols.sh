#!/usr/bin/env bash
# kernel-symbols.sh RELEASE: makes the file that `stap -d kernel` reads, without downloading 280 MB of debug packages: the
# ELF file inside vmlinuz, with the symbols from the emulated machine's own /proc/kallsyms. Without this file, stap would
# silently use the names of this machine's kernel.
source "$(dirname "$0")/common.sh"
release=$1
vmlinux=$LAB/debug/boot/vmlinux-$release
[ ! -f "$vmlinux" ] || exit 0
say 'first boot, to read the kernel symbols'
dir=$(mktemp -d "$LAB/symbols.$$.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/job"
echo 'cat /proc/kallsyms > /out/kallsyms.txt' > "$dir/job/run.sh"
bash "$HERE/boot.sh" "$dir/job" "$dir" nokaslr
node "$HERE/kernel-symbols.mjs" "$LAB/vmlinuz" "$dir"
objcopy "@$dir/symbols" "$dir/vmlinux" "$dir/vmlinux.symbols"
mkdir -p "${vmlinux%/*}"
mv "$dir/vmlinux.symbols" "$vmlinux"
