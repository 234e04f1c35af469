#!/bin/bash
# kernel: stable newest
# append: nvme_core.multipath=N
# timeout: 180
# Two ports of one NVMe subsystem: the ANA states that are set come back in the host's own ANA log, port by port.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh
nvmet_up 2; nvme_connect 1 -l 60 -c 1; nvme_connect 2 -l 60 -c 1
for path in nvme0n1 nvme1n1; do [ -b "/dev/$path" ] || fail "no block device $path"; done
same "both paths are one namespace" "$(cat /sys/block/nvme0n1/wwid)" "$(cat /sys/block/nvme1n1/wwid)"
same "the controller of port 2" nvme1 "$(nvme_of 2)"
ana_log() { nvme ana-log "/dev/$1" -o json | jq -r '."ANA DESC LIST "[0].state'; }
for state in optimized non-optimized inaccessible persistent-loss change; do
  ana 2 "$state"
  same "port 1 stays" optimized "$(ana_log nvme0)"
  same "port 2 follows" "$state" "$(ana_log nvme1)"
done
write() { dd if=/dev/urandom of="/dev/$1" bs=4k count=1 oflag=direct conv=nocreat status=none; }
refused "a write on a path whose state is change is refused" write nvme1n1
ana 2 optimized; write nvme1n1; ok "and served again"
same "what one path wrote the other reads" "$(dd if=/dev/nvme1n1 bs=4k count=1 iflag=direct status=none | md5sum)" "$(dd if=/dev/nvme0n1 bs=4k count=1 iflag=direct status=none | md5sum)"
