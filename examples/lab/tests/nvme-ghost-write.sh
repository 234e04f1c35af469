#!/bin/bash
# kernel: stable newest
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 400
# The story of ghost-write over two passthrough paths: the host hands A back without an answer when it loses the connection, and
# A lands LATE ms later. With the hold switched off B is lost, as it is with Linux's own multipath. With the hold, A is sent again
# three keep-alive time-outs after it was handed back, as the target promises traffic-based keep-alive and no time to quiesce, and
# B stays.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
# A target that hears nothing for the keep-alive time-out gives the connection up, and A with it: so packets are not that late.
LATE=3500 KATO=8; . ./ghost.sh
printf '%s\n' 'write 8k 4k 0x43' 'wait 5000' 'write 0 4k 0x41' 'write 0 4k 0x42' "wait $((LATE + 2000))" 'expect 0 4k 0x42' >/run/story

start_story() { # NAME OPTION...
  io_json=$LAB_OUT/$1.json io_err=$LAB_OUT/$1.err; shift
  begin "$who" /dev/nvme0n1 /dev/nullb0
  RANK=0 mpath io --path /dev/nvme0n1 --path /dev/nvme1n1 --script /run/story --destroy-data --json "$@" >"$io_json" 2>"$io_err" & io_pid=$!
  soon 120 "$who: the paths are open" told 1; delay 4422 $LATE
  lose_connection 4422
}
serves() { [ "$(cat /sys/class/nvme/nvme1/state)" = live ] && timeout 5 dd if=/dev/nvme1n1 of=/dev/null bs=4k count=1 iflag=direct; }

reset_conn 1 || true; modprobe -a sch_netem sch_prio cls_u32   # loading takes long, and would take it when it matters
row "Linux $(uname -r)" 'A is done' 'A is late' 'B is done' 'the block holds'
nvmet_up 2; nvme_connect 1 -l 60 -c 1 -k $KATO; nvme_connect 2 -l 60 -c 1 -k $KATO; ana 1 non-optimized   # so path 2 is used first

who='mpath over NVMe/TCP, the hold switched off'; start_story unsafe --unsafe-replay-unknown-writes
soon 60 "$who: A is acknowledged" told 3; stamp A
soon 60 "$who: B is acknowledged" told 4; stamp B
soon 60 "$who: the late packet lands" landed; lost /dev/nvme0n1
finish_story 1; json "$io_json" '.miscompares == 1 and .errors == 0 and .held == 0' "$who"; end

soon 60 "path 2 serves again" serves; who='mpath over NVMe/TCP'; start_story held
soon 30 "$who: the late packet lands" landed
! told 3 || fail "$who: A is acknowledged while its first attempt may still land"
undelay
soon 120 "$who: A is acknowledged" told 3; stamp A
above "$who: ms from A's first attempt to its acknowledgement" $((3000 * KATO)) "$(after A)"
soon 60 "$who: B is acknowledged" told 4; stamp B
finish_story 0
json "$io_json" '.errors == 0 and .miscompares == 0 and .held == 1 and .unfenced == []' "$who"
json "$io_json" '[.events[] | select(.what | test("lost writes, held|no lost write held any longer: 1 sent again"))] | length == 2 and .[1].at_ms - .[0].at_ms < 3000 * '$KATO' + 3000' "$who: the hold ends in time"
for disk in /dev/nvme0n1 /dev/nvme1n1; do soon 20 "$who: path 2 serves again" serves; same "$who: the block through $disk" B "$(holds $disk)"; done
same "$who: the block on the medium" B "$(holds /dev/nullb0)"
outcome B; kill $watcher
