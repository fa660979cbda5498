#!/usr/bin/env bash
# kernel-symbols.sh RELEASE: makes the file that `stap -d kernel` reads, without the 280 MB of debug
# package: the ELF inside vmlinuz, with the symbols of the machine's own /proc/kallsyms. Without it the
# names would be those of this machine's kernel, without a word.
source "$(dirname "$0")/common.sh"
release=$1
vmlinux=$LAB/debug/boot/vmlinux-$release
[ ! -f "$vmlinux" ] || exit 0
say 'first boot, for the symbols of the kernel'
dir=$(mktemp -d "$LAB/symbols.$$.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/job"
echo 'cat /proc/kallsyms > /out/kallsyms.txt' > "$dir/job/run.sh"
bash "$HERE/boot.sh" "$dir/job" "$dir" nokaslr
node "$HERE/kernel-symbols.mjs" "$LAB/vmlinuz" "$dir"
objcopy "@$dir/symbols" "$dir/vmlinux" "$dir/vmlinux.symbols"
mkdir -p "${vmlinux%/*}"
mv "$dir/vmlinux.symbols" "$vmlinux"
