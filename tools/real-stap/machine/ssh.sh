#!/bin/sh
# Part of a job in the machine: runs an ssh daemon for root, with the keys in the job, until the file /tmp/over exists or
# the time is up.
for module in failover net_failover virtio_net; do [ ! -e "/modules/$module.ko" ] || insmod "/modules/$module.ko"; done
ip link set lo up
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
mkdir -p /dev/pts /root/.ssh
mount -t devpts devpts /dev/pts
cp /job/host /tmp/host && chmod 600 /tmp/host
cp /job/user.pub /tmp/authorized
/usr/sbin/sshd -f /dev/null -h /tmp/host -o UsePAM=no -o StrictModes=no -o AuthorizedKeysFile=/tmp/authorized -E /out/sshd.log
waited=0
while [ ! -e /tmp/over ] && [ $waited -lt "${1:-120}" ]; do sleep 1; waited=$((waited + 1)); done
