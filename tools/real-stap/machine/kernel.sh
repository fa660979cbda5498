# fetch_kernel RELEASE: the kernel image of exactly the headers' version, unpacked and not installed
fetch_kernel() {
  local release=$1 dir=$WORK/kernel/$1 version module
  [ ! -f "$dir/vmlinuz" ] || return 0
  version=$(dpkg-query -W -f '${Version}' "linux-headers-$release")
  say "downloading the kernel $release ($version)"
  rm -rf "$WORK/kernel"
  mkdir -p "$dir"
  (cd "$WORK/kernel" && apt-get -o APT::Sandbox::User=root download -qq "linux-image-$release=$version") ||
    { rm -rf "$WORK/kernel"; die "no kernel image of version $version: apt-get update, and install the headers anew"; }
  dpkg -x "$WORK/kernel/linux-image-${release}"_*.deb "$WORK/kernel/tree"
  for module in virtio/virtio_ring virtio/virtio virtio/virtio_pci_legacy_dev virtio/virtio_pci_modern_dev \
                virtio/virtio_pci block/virtio_blk; do
    cp "$WORK/kernel/tree/lib/modules/$release/kernel/drivers/$module.ko" "$dir/"
  done
  cp "$WORK/kernel/tree/boot/vmlinuz-$release" "$dir/vmlinuz"
  rm -rf "$WORK/kernel/tree" "$WORK/kernel"/*.deb
}
