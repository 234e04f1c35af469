#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# needs: mpath.jar
# expect: fail carried no I/O: nvme1n1
# timeout: 300
# The control of the per-phase check: a workload that uses one path only must not pass for one that uses both.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
nvmet_up 2; nvme_connect 1 -l 60 -c 1; nvme_connect 2 -l 60 -c 1
start_io onepath --plain --path /dev/nvme0n1 --id "nguid.$(tr -d - </sys/block/nvme0n1/nguid)" --rw randrw --verify --size 16m \
  --time 100s --destroy-data --unsafe-replay-unknown-writes
carried healthy nvme0n1
carried "both paths" nvme0n1 nvme1n1
