#!/usr/bin/env bash
# boot.sh JOB RESULTS [KERNEL OPTION…]: boots the emulated machine, runs JOB/run.sh there (JOB is /job) and
# unpacks its /out into RESULTS. One processor: the machine's time counts instructions, so that a busy host
# stretches the run but not the sample. CPUS=2 and more: real time, for what only several processors show.
# WHOLE=1: the distribution's whole root directory is at /debian, with its compiler; what is written there is dropped.
# The self-tests of the kernel's ciphers, which would take the processor for some seconds, are left out.
# SSH_PORT=N: this port of the loopback address leads to port 22 of the machine, which reaches nothing itself.
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
    say 'making a disk of its root directory'
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
# a limit on the CPU, which a busy host does not stretch; the process group stays that of who ends us
(ulimit -t "${LIMIT:-1200}" && exec nice qemu-system-x86_64 "${clock[@]}" "${network[@]}" -cpu max -smp "$cpus" -m "$memory" -nodefaults \
  -display none -monitor none -serial stdio -no-reboot \
  -kernel "$LAB/vmlinuz" -initrd "$run/initrd" -append "console=ttyS0 quiet panic=-1 cryptomgr.notests $*" \
  -drive "file=$run/disk,format=raw,if=virtio" "${whole[@]}" < /dev/null > "$results/console.txt" 2>&1) ||
  { tail -5 "$results/console.txt" >&2; die 'the machine did not power off'; }
tar xf "$run/disk" -C "$results" --no-same-owner --touch || die 'no results came out of the machine'
