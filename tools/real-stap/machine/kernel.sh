# fetch_kernel: the kernel image of exactly the headers' version, unpacked and not installed
fetch_kernel() {
  local release dir module
  release=$(kernel_release)
  [ ! -f "$WORK/kernel/$release/vmlinuz" ] || return 0
  # a release that the archive has replaced since its headers were installed: the current one, then
  download_kernel "$release" || { install_now "$HEADERS"; release=$(kernel_release); download_kernel "$release"; } ||
    die "there is no kernel image for the headers of $release: $(tail -1 "$WORK/apt.log")"
  dir=$WORK/kernel/$release
  mkdir -p "$dir"
  dpkg -x "$WORK/kernel/linux-image-${release}"_*.deb "$WORK/kernel/tree"
  for module in virtio/virtio_ring virtio/virtio virtio/virtio_pci_legacy_dev virtio/virtio_pci_modern_dev \
                virtio/virtio_pci block/virtio_blk net/virtio_net net/net_failover ../net/core/failover; do
    cp "$WORK/kernel/tree/lib/modules/$release/kernel/drivers/$module.ko" "$dir/"
  done
  cp "$WORK/kernel/tree/boot/vmlinuz-$release" "$dir/vmlinuz"
  rm -rf "$WORK/kernel/tree" "$WORK/kernel"/*.deb
}

download_kernel() {
  local version
  version=$(dpkg-query -W -f '${Version}' "linux-headers-$1")
  say "downloading the kernel $1 ($version)"
  rm -rf "$WORK/kernel"
  mkdir -p "$WORK/kernel"
  (cd "$WORK/kernel" && apt-get -o APT::Sandbox::User=root download -qq "linux-image-$1=$version") > "$WORK/apt.log" 2>&1
}
