#!/usr/bin/env bash
# boot.sh JOB RESULTS [KERNEL OPTION…]: boots the emulated machine, runs JOB/run.sh there (with JOB at /job), and unpacks
# its /out into RESULTS. With one processor, the machine's clock counts instructions, so a busy host makes a run longer
# but does not change its samples. With CPUS=2 or more, it runs in real time, for effects that need several processors.
# WHOLE=1 mounts the distribution's whole root directory, with its compiler, at /debian; changes there are discarded.
# SSH_PORT=N forwards this port on the loopback address to the machine's port 22. The machine itself can reach nothing.
# The kernel skips its cipher self-tests, which would occupy the processor for some seconds.
source "$(dirname "$0")/common.sh"
job=$1 results=$2
shift 2
cpus=${CPUS:-1}
clock=(-accel 'tcg,thread=single' -icount 'shift=2,sleep=off')
[ "$cpus" = 1 ] || clock=(-accel 'tcg,thread=multi')
network=(-nic none)
[ -z "${SSH_PORT:-}" ] ||
  network=(-nic "user,model=virtio-net-pci,restrict=on,hostfwd=tcp:127.0.0.1:$SSH_PORT-:22")
memory=1024
whole=()
if [ -n "${WHOLE:-}" ]; then
  memory=2048
  [ "$LAB/root.img" -nt "$LAB/release" ] || {
    say 'making a disk from its root directory'
    mke2fs -q -t ext4 -O ^has_journal -d "$LAB/root" "$LAB/root.img.new" 3G && mv "$LAB/root.img.new" "$LAB/root.img"
  }
  whole=(-drive "file=$LAB/root.img,format=raw,if=virtio,snapshot=on")
fi
run=$(mktemp -d "$LAB/boot.$$.XXXXXX")
trap 'rm -rf "$run"' EXIT
mkdir -p "$results"
truncate -s 256M "$run/disk"
ln -s "$(readlink -f "$job")" "$run/job"
(cd "$run" && find -L job | cpio -o -L -H newc --quiet | gzip -1) | cat "$LAB/base.gz" - > "$run/initrd"
# limit the CPU time, which does not depend on how busy the host is; stay in the process group that our caller kills
(ulimit -t "${LIMIT:-1200}" && exec nice qemu-system-x86_64 "${clock[@]}" "${network[@]}" -cpu max -smp "$cpus" -m "$memory" -nodefaults \
  -display none -monitor none -serial stdio -no-reboot \
  -kernel "$LAB/vmlinuz" -initrd "$run/initrd" -append "console=ttyS0 quiet panic=-1 cryptomgr.notests $*" \
  -drive "file=$run/disk,format=raw,if=virtio" "${whole[@]}" < /dev/null > "$results/console.txt" 2>&1) ||
  { tail -5 "$results/console.txt" >&2; die 'the machine did not power off'; }
tar xf "$run/disk" -C "$results" --no-same-owner --touch || die 'the machine returned no results'
