#!/bin/bash
# kernel: stable
# expect: fail FAILED: both: round-robin is not served by port 2;
# timeout: 180
# The control of the check which path carries I/O: I/O on one of two paths must not pass for I/O on both.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh
lio_up 2; count_commands; port_local 1 2
mpath() { while :; do dd if=/dev/sda of=/dev/null bs=4k count=200 iflag=direct status=none; done; }
start round-robin 0; flow
PATIENCE=5; serve one 1
serve both 1 2
