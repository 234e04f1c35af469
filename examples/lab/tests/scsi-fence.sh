#!/bin/bash
# needs: mpath.jar
# timeout: 400
# The story of scsi-ghost-write with a reservation key for each path. The host hands A back without an answer when it loses the
# connection, and A is LATE ms late. Its nexus is fenced: its key is preempted, with abort, through the other path. So A is sent again at
# once, the late one is refused by the target, and B stays. Then that path has another key, and serves.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh; . ./reservations.sh
LATE=10000; . ./ghost.sh

serves() { session_is 2 LOGGED_IN && timeout 5 dd if="$two" of=/dev/null bs=4k count=1 iflag=direct; }
sent_ago() { [ $(($(now) - $(at sent))) -ge "$1" ]; }   # MS
numbered() { keys "$1" | tr ' ' '\n' | grep -cE '^1x0xa[0-9a-f]{4}$'; }   # DISK: how many keys of the host's block there are, each of one nexus

reset_conn 1 || true; modprobe -a sch_netem sch_prio cls_u32 nf_tables   # loading takes long, and would take it when it matters
row "Linux $(uname -r)" 'A is done' 'A is late' 'B is done' 'the block holds'
iscsi_up 2; PING=0 port_iscsi 1 2; one=/dev/$(disks_of 1) two=/dev/$(disks_of 2); alua 1 1   # so path 2 is used first

who='mpath over iSCSI, fenced'; soon 60 "$who: path 2 serves" serves
io_json=$LAB_OUT/fenced.json io_err=$LAB_OUT/fenced.err
printf '%s\n' 'write 8k 4k 0x43' 'wait 5000' 'write 0 4k 0x41' 'write 0 4k 0x42' "wait $((LATE + 30000))" 'expect 0 4k 0x42' 'write 8k 4k 0x44' >/run/story
begin "$who" "$one" /run/lun0.img
RANK=0 mpath io --path "$one" --path "$two" --script /run/story --destroy-data --json \
  --key 0xa0000 --key-per-path --reserve write-exclusive-registrants-only --hold 120s >"$io_json" 2>"$io_err" & io_pid=$!
soon 120 "$who: the paths are open" told 1; delay 3262 $LATE
same 'keys, one for each nexus' 2 "$(numbered "$one")"
lose_connection 3262
soon 60 "$who: A is acknowledged" told 3; stamp A
above "$who: ms left of the late packet's delay" 0 $((LATE - $(after A)))
soon 60 "$who: B is acknowledged" told 4; stamp B
soon 30 "$who: the packet has come in" sent_ago $((LATE + 2000))
! landed || fail "$who: the late packet has landed"
undelay; soon 90 "$who: path 2 serves again" serves
finish_story 0; kill "$watcher"
json "$io_json" '.errors == 0 and .miscompares == 0 and .held == 1 and .unfenced == []' "$who"
json "$io_json" '[.events[] | select(.what | test("fenced by reservation through"))] | length == 1' "$who: it was fenced"
json "$io_json" '[.events[] | select(.what | test("lost writes, held|no lost write held any longer: 1 sent again"))] | length == 2 and .[1].at_ms - .[0].at_ms < '$LATE "$who: the hold, and its end"
same "$who: the block through $one" B "$(holds "$one")"
same "$who: the block on the medium" B "$(holds /run/lun0.img)"
row "$who" "$(secs "$(after A)")" refused "$(secs "$(after B)")" B
