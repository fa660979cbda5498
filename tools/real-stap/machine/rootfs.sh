# build_rootfs RELEASE: busybox, staprun and the targets as an initramfs. Everything lies at its path on
# this machine, since SystemTap knows modules by path.
ROOT=$WORK/root

put() {
  local file
  file=$(readlink -f "$1")
  mkdir -p "$ROOT$(dirname "$file")"
  [ -e "$ROOT$file" ] || cp "$file" "$ROOT$file"
}

put_with_libraries() {
  local library directory
  put "$1"
  { ldd "$1" 2> /dev/null || true; } | { grep -oE '/[^ ]+' || true; } | while read -r library; do
    put "$library"
    directory=$(readlink -f "$(dirname "$library")")
    [ -e "$ROOT$directory/$(basename "$library")" ] ||
      ln -s "$(readlink -f "$library")" "$ROOT$directory/$(basename "$library")"
  done
}

build_rootfs() {
  local applet file newest
  newest=$(find "$HERE" "$WORK/targets" -type f -newer "$WORK/base.gz" -print -quit 2>&1 || true)
  [ -n "$newest" ] || return 0
  rm -rf "$ROOT"
  mkdir -p "$ROOT"/{proc,sys,dev,tmp,root,etc,out,modules,run/sshd,usr/bin,usr/sbin,usr/lib64,usr/lib/x86_64-linux-gnu}
  for file in bin sbin lib lib64; do ln -s "usr/$file" "$ROOT/$file"; done
  put "$(command -v busybox)"
  for applet in $(busybox --list); do ln -s busybox "$ROOT/usr/bin/$applet" 2> /dev/null || true; done
  for file in /usr/bin/staprun /usr/lib/systemtap/stapio /usr/sbin/sshd "$WORK"/targets/*; do
    rm -f "$ROOT$file"
    put_with_libraries "$file"
  done
  cp "$WORK/kernel/$1"/*.ko "$ROOT/modules/"
  printf 'root::0:0:root:/root:/bin/sh\nsshd:x:101:65534::/run/sshd:/bin/false\n' > "$ROOT/etc/passwd"
  printf 'root:x:0:\nstapdev:x:110:\nstapusr:x:111:\nstapsys:x:112:\n' > "$ROOT/etc/group"
  install -m 755 "$HERE/init.sh" "$ROOT/init"
  (cd "$ROOT" && find . | cpio -o -H newc --quiet | gzip -1) > "$WORK/base.gz"
}
