#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 300
# The verifier's control: blocks put back to what they were, through one path and behind the program's back, are found.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
nvmet_up 2; nvme_connect 1 -l 60 -c 1; nvme_connect 2 -l 60 -c 1
id=nguid.$(tr -d - </sys/block/nvme0n1/nguid)
start_io stale --plain --path /dev/nvme0n1 --path /dev/nvme1n1 --id "$id" --policy round-robin \
  --rw randrw --verify --size 1m --time 100s --destroy-data --unsafe-replay-unknown-writes
# Two hundred I/Os change many of the 256 blocks, so that the copy is stale; as many again read some of those put back.
goes_on() { look; soon 60 "$1" flowing "$total"; io_runs || fail "$1: the workload had ended"; }
dd if=/dev/nvme1n1 of=/run/old bs=1M count=1 iflag=direct status=none
goes_on "the copied blocks are overwritten"
dd if=/run/old of=/dev/nvme1n1 bs=1M count=1 oflag=direct conv=nocreat status=none
goes_on "the blocks put back are read"
finish_io 1
json "$io_json" '.miscompares > 0 and .errors == 0' "stale blocks are miscompares, not errors"

# And told as a script: the same bytes are right, others are not.
script() { printf 'write 8k 4k 0x41\nexpect 8k 4k %s\n' "$1" >/run/script; (mpath io --plain --path /dev/nvme0n1 --path /dev/nvme1n1 \
  --id "$id" --script /run/script --destroy-data --json) >"$LAB_OUT/script.json"; }
script 0x41; json "$LAB_OUT/script.json" '.miscompares == 0' "a script that expects what it wrote"
refused "a script that expects another byte" script 0x42
json "$LAB_OUT/script.json" '.miscompares == 1 and .errors == 0' "a script that expects another byte"
