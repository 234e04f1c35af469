#!/bin/bash
# kernel: stable
# timeout: 180
# Two iSCSI sessions to one logical unit: a reset connection is made again by the host, without an error above it.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh
iscsi_up 2; iscsi_login 1; iscsi_login 2
same "sessions" 2 "$(iscsiadm -m session | wc -l)"
same "both paths are one logical unit" "$(sg_vpd --page=sn /dev/sda)" "$(sg_vpd --page=sn /dev/sdb)"
head -c 4096 /dev/urandom >/run/block
dd if=/run/block of=/dev/sda bs=4k count=1 oflag=direct conv=nocreat status=none
same "what one session wrote the other reads" "$(md5sum </run/block)" "$(dd if=/dev/sdb bs=4k count=1 iflag=direct status=none | md5sum)"
reset_conn 3262
read_block() { dd if=/dev/sdb of=/dev/null bs=4k count=1 iflag=direct status=none; }
soon 15 "the path whose connection was reset serves again" read_block
