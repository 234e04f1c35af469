#!/bin/bash
# kernel: stable newest
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
  ana "$port" optimized;    carried "$name: port $port back" "${serving[@]}"
  dmesg --clear; reset_conn $((4420 + port)); soon 20 "$name: connections of port $port reset and made again" reconnected "$port"
  carried "$name: port $port reconnected" "${serving[@]}"
}
reconnected() { dmesg | grep "$(nvme_of "$1"): Successfully reconnected"; }   # not counted: refused commands crowd old lines out

for policy in numa round-robin queue-depth; do
  serving=(nvme0n1 nvme1n1); [ $policy != numa ] || serving=()   # no path is nearer over TCP: numa may settle on either
  # A plain path cannot tell whether a failed write took effect; here the target refused it, so a replay is safe.
  start_io $policy --path /dev/nvme0n1 --path /dev/nvme1n1 --id "$id" --policy $policy --rw randrw --verify --size 16m \
    --time 200s --destroy-data --unsafe-replay-unknown-writes
  carried "$policy: healthy" "${serving[@]}"
  trouble $policy 2 nvme1n1 nvme0n1
  trouble $policy 1 nvme0n1 nvme1n1
  finish_io 0
  json "$io_json" '.policy == "'$policy'" and .errors == 0 and .miscompares == 0 and .failovers > 0 and .requests > 1000' "$policy"
  json "$io_json" '[.paths[] | select(.requests > 0)] | length == 2' "$policy: both paths served"
done
