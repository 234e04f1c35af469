#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# expect: fail FAILED: both: round-robin is not served by port 2;
# timeout: 180
# The control of the check that every other NVMe test leans on: I/O on one of two paths must not pass for I/O on both.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh
nvmet_up 2; count_commands; connect 1 2
mpath() { while :; do dd if=/dev/nvme0n1 of=/dev/null bs=4k count=200 iflag=direct status=none; done; }
start round-robin 1; flow
PATIENCE=5; serve one 1
serve both 1 2
