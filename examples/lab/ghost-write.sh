# shellcheck shell=bash disable=SC2086
# Linux overwrites an acknowledged write with an older one, with either of its multipath stacks: see README.md.
#   ./boot --append nvme_core.multipath=Y -- bash ghost-write.sh nvme [DELAY_MS]     the NVMe driver's own multipath
#   ./boot -- bash ghost-write.sh scsi [DELAY_MS]                                    dm-multipath over two iSCSI sessions
. "$(dirname "$0")/targets.sh"
case $1 in
  nvme) nvmet_up 2; nvme_connect 1 -l 60 -c 1; nvme_connect 2 -l 60 -c 1; ana 1 non-optimized; sleep 0.5   # so path 2 is used first
    disk=/dev/nvme0n1 port=4422 ms=${2:-7500};;
  scsi) iscsi_up 2; iscsi_login 1; iscsi_login 2; modprobe -a dm-multipath dm-service-time
    a=$(cat /sys/block/sda/dev) b=$(cat /sys/block/sdb/dev)
    echo "0 $(blockdev --getsz /dev/sda) multipath 1 queue_if_no_path 0 2 1 service-time 0 1 1 $b 1 service-time 0 1 1 $a 1" | dmsetup create mp; dmsetup mknodes
    disk=/dev/mapper/mp port=3262 ms=${2:-8000};;
esac
head -c 4096 /dev/zero | tr '\0' A >/run/A; head -c 4096 /dev/zero | tr '\0' B >/run/B
dd if=/run/B of=$disk bs=4k count=1 oflag=direct 2>/dev/null
delay $port "$ms"
SECONDS=0
dd if=/run/A of=$disk bs=4k count=1 oflag=direct 2>/dev/null && echo "A written and acknowledged after $SECONDS s"
dd if=/run/B of=$disk bs=4k count=1 oflag=direct 2>/dev/null && echo "B written and acknowledged after $SECONDS s"
sleep 5; now=$(dd if=$disk bs=4k count=1 iflag=direct 2>/dev/null | head -c 1); echo "the block holds $now"
[ "$now" = B ] || { echo "an acknowledged write is lost"; exit 1; }
