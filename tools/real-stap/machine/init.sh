#!/bin/sh
# The first process of the emulated machine: runs the job, sends /out back over the disk, powers off.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t debugfs debugfs /sys/kernel/debug
for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
  # in some kernels one of them is built in
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
