#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 900
# Verified I/O over two plain block paths to one namespace goes on, without an error, while each port in turn becomes
# inaccessible, comes back and has its connections reset, under every policy; and every path that may serve does.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
nvmet_up 2; nvme_connect 1 -l 60 -c 1; nvme_connect 2 -l 60 -c 1
id=nguid.$(tr -d - </sys/block/nvme0n1/nguid)

trouble() { # PHASE PORT VICTIM OTHER: under load
  local name=$1 port=$2 victim=$3 other=$4
  ana "$port" inaccessible; carried "$name: port $port inaccessible" "$other"; silent "$name: port $port inaccessible" "$victim"
  ana "$port" optimized;    settled "$name: port $port back"
  dmesg --clear; reset_conn $((4420 + port)); soon 20 "$name: connections of port $port reset and made again" reconnected "$port"
  settled "$name: port $port reconnected"
}
settled() { carried "$1" "${serving[@]}"; [ $policy != numa ] || silent "$1" nvme1n1; }   # PHASE: both paths are usable
reconnected() { dmesg | grep "$(nvme_of "$1"): Successfully reconnected"; }   # not counted: refused commands crowd old lines out

for policy in numa round-robin queue-depth; do
  # No path is nearer over TCP: of two that are usable, numa takes the one that was attached first.
  serving=(nvme0n1 nvme1n1); [ $policy != numa ] || serving=(nvme0n1)
  # A plain path cannot tell whether a failed write took effect; here the target refused it, so a replay is safe.
  start_io $policy --plain --path /dev/nvme0n1 --path /dev/nvme1n1 --id "$id" --policy $policy --rw randrw --verify --size 16m \
    --time 200s --destroy-data --unsafe-replay-unknown-writes
  settled "$policy: healthy"
  trouble $policy 2 nvme1n1 nvme0n1
  trouble $policy 1 nvme0n1 nvme1n1
  finish_io 0
  json "$io_json" '.policy == "'$policy'" and .errors == 0 and .miscompares == 0 and .failovers > 0 and .requests > 1000' "$policy"
  json "$io_json" '[.paths[] | select(.requests > 0)] | length == 2' "$policy: both paths served"
done
