# make_root: makes the distribution's root directory as its packages install it, with SystemTap, a compiler, and the
# headers of its "cloud" kernel, which has only drivers for virtual machines, so it is small and boots fast. Puts that
# kernel's image beside it. This is done once; to get newer versions, remove the directory. The archive and its keys are
# those that this machine's apt uses.
make_root() {
  local mirror release=$LAB/release log=$LAB/apt.log
  [ ! -f "$release" ] || return 0
  # the first archive other than the one for security updates
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1)
  [ -n "$mirror" ] || cannot 'its apt has no archive of Debian packages'
  [ "$(id -u)" = 0 ] || cannot 'only root can make a root directory'
  rm -rf "$LAB"
  mkdir -p "$LAB"
  say 'making its root directory'
  debootstrap --variant=minbase "$DISTRIBUTION" "$LAB/root" "$mirror" > "$log" 2>&1 || die_with "$log" 'debootstrap failed'
  cp /etc/resolv.conf /etc/hosts "$LAB/root/etc/"
  apt-config dump | grep -E '^Acquire::(Check-|http|Retries)' > "$LAB/root/etc/apt/apt.conf.d/90laboratory" || true
  { inside apt-get update -qq && inside apt-get install -y -qq --no-install-recommends "${INSIDE[@]}"; } >> "$log" 2>&1 ||
    die_with "$log" 'its packages could not be installed'
  kernel_release > "$LAB/headers"
  fetch_kernel "$(cat "$LAB/headers")" >> "$log" 2>&1 || die_with "$log" "there is no kernel image for its headers"
  mv "$LAB/headers" "$release"
}
INSIDE=(systemtap gcc g++ make libc6-dev busybox-static openssh-server kmod linux-headers-cloud-amd64)

# prints the newest kernel whose headers are installed
kernel_release() {
  find "$LAB/root/usr/src" -maxdepth 1 -name 'linux-headers-*-cloud-amd64' -printf '%f\n' | sed 's/^linux-headers-//' | sort -V | tail -1
}

# fetch_kernel RELEASE: downloads the kernel image of exactly the headers' version, and unpacks it without installing it:
# $LAB/vmlinuz, and the modules that an emulated machine needs. Newer kernels consist of several packages, on which the
# image's package depends.
fetch_kernel() {
  local module file packed=$LAB/root/tmp/kernel
  inside sh -c '
    version=$(dpkg-query -W -f "\${Version}" "linux-headers-$0") && mkdir -p /tmp/kernel && cd /tmp/kernel &&
    parts=$(apt-cache depends "linux-image-$0" | sed -n "s/^ *Depends: \(linux-[a-z]*-$0\)$/\1=$version/p") &&
    apt-get -o APT::Sandbox::User=root download "linux-image-$0=$version" $parts &&
    for package in *.deb; do dpkg -x "$package" . && rm "$package" || exit; done' "$1"
  cp "$(find "$packed" -name 'vmlinuz*' | head -1)" "$LAB/vmlinuz"
  mkdir -p "$LAB/modules"
  # there is no file for a module that is built in
  for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk failover net_failover virtio_net; do
    file=$(find "$packed" -name "$module.ko*" | head -1)
    case $file in
      '') ;;
      *.xz) xz -dc "$file" > "$LAB/modules/$module.ko" ;;
      *.zst) zstd -qdc "$file" > "$LAB/modules/$module.ko" ;;
      *) cp "$file" "$LAB/modules/" ;;
    esac
  done
  rm -rf "$packed"
}
