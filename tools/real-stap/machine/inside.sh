#!/usr/bin/env bash
# inside.sh COMMAND…: runs a command in the distribution's root directory. Of this machine, the command sees only the
# kernel, /proc, /dev, and the laboratory's and the current directory at their own paths. The mounts are in a separate
# namespace, which ends with the command.
source "$(dirname "$0")/common.sh"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
  unshare --mount sh -c '
    root=$1 here=$3
    for directory in "$2" "$here"; do mkdir -p "$root$directory" && mount --bind "$directory" "$root$directory" || exit; done
    mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" || exit
    shift 3
    exec chroot "$root" sh -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"' sh "$LAB/root" "$LAB" "$PWD" "$@"
