# build_rootfs: packs busybox, staprun and the targets into an initramfs. Every file keeps its path in the distribution's
# root directory, because SystemTap identifies modules by path.
SMALL=$LAB/small

# put FILE: copies a file from the root directory to the same path
put() {
  local file
  file=$(inside readlink -f "$1")
  mkdir -p "$SMALL$(dirname "$file")"
  [ -e "$SMALL$file" ] || cp "$LAB/root$file" "$SMALL$file"
}

# put_libraries_of FILE…: copies the libraries that the files need
put_libraries_of() {
  local library directory
  inside ldd "$@" 2> /dev/null | { grep -oE '(=> |^\s)/[^ ]+' || true; } | sed 's,^[^/]*,,' | sort -u | while read -r library; do
    put "$library"
    directory=$SMALL$(inside readlink -f "$(dirname "$library")")
    [ -e "$directory/$(basename "$library")" ] || ln -s "$(inside readlink -f "$library")" "$directory/$(basename "$library")"
  done
}

build_rootfs() {
  local file newest programs
  newest=$(find "$HERE" "$LAB/targets" -type f -newer "$LAB/base.gz" -print -quit 2>&1 || true)
  [ -n "$newest" ] || return 0
  say 'packing its programs for the emulated machine'
  rm -rf "$SMALL"
  mkdir -p "$SMALL"/{proc,sys,dev,tmp,root,etc,out,debian,modules,run/sshd,usr/bin,usr/sbin,usr/lib64,usr/lib/x86_64-linux-gnu}
  for file in bin sbin lib lib64; do ln -s "usr/$file" "$SMALL/$file"; done
  put /usr/bin/busybox
  inside busybox --list | while read -r file; do ln -s busybox "$SMALL/usr/bin/$file" 2> /dev/null || true; done
  rm -f "$SMALL/usr/bin/staprun"
  # newer versions of openssh consist of several programs
  programs=(/usr/bin/staprun /usr/lib/systemtap/stapio /usr/sbin/sshd $(inside sh -c 'ls /usr/lib/openssh/sshd-* 2> /dev/null || true'))
  for file in "${programs[@]}"; do put "$file"; done
  mkdir -p "$SMALL$LAB"
  cp -r "$LAB/targets" "$SMALL$LAB/"
  put_libraries_of "${programs[@]}" "$LAB"/targets/*
  cp "$LAB"/modules/* "$SMALL/modules/"
  printf 'root::0:0:root:/root:/bin/sh\nsshd:x:101:65534::/run/sshd:/bin/false\n' > "$SMALL/etc/passwd"
  printf 'root:x:0:\nstapdev:x:110:\nstapusr:x:111:\nstapsys:x:112:\n' > "$SMALL/etc/group"
  install -m 755 "$HERE/init.sh" "$SMALL/init"
  (cd "$SMALL" && find . | cpio -o -H newc --quiet | gzip -1) > "$LAB/base.gz"
}
