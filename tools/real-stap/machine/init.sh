#!/bin/sh
# The emulated machine's first process: runs the job, returns /out on the disk, and powers off.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t debugfs debugfs /sys/kernel/debug
for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
  # some kernels have some of these built in
  [ ! -e "/modules/$module.ko" ] || insmod "/modules/$module.ko"
done
if [ -b /dev/vdb ]; then
  mount -t ext4 /dev/vdb /debian
  for directory in proc sys dev sys/kernel/debug; do mount --bind "/$directory" "/debian/$directory"; done
fi
export PATH=/usr/sbin:/usr/bin HOME=/root
sh /job/run.sh
dmesg > /out/dmesg.txt
cd /out || exit 1
tar cf - . | dd of=/dev/vda bs=64k 2> /dev/null
sync
poweroff -f
