#!/bin/bash
# needs: mpath.jar
# timeout: 400
# The story of ghost-write over two paths of SG_IO and iSCSI: the host hands A back without an answer when it loses the connection,
# and what that connection had under way, A, comes in LATE ms later; a new connection is as quick as any. With the hold switched off,
# and no login that could end the old session, B is lost, as it is with dm-multipath. With the hold, A is sent again as soon as its
# session is logged in again under the same ISID, for then the target has ended the old one, with all that came through it: A comes in
# long after B, and B stays. And where it never is logged in, A is sent again after the time that is assumed.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh
LATE=10000; . ./ghost.sh

ready() { soon 60 "$who: path 2 serves" serves; begin "$who" "$one" /run/lun0.img; }
tell_story() { # NAME OPTION...: up to where A is on its way, and lost
  io_json=$LAB_OUT/$1.json io_err=$LAB_OUT/$1.err; shift
  printf '%s\n' 'write 8k 4k 0x43' 'wait 5000' 'write 0 4k 0x41' 'write 0 4k 0x42' "wait $((LATE + 2000))" 'expect 0 4k 0x42' >/run/story
  RANK=0 mpath io --path "$one" --path "$two" --script /run/story --destroy-data --json "$@" >"$io_json" 2>"$io_err" & io_pid=$!
  soon 120 "$who: the paths are open" told 1; delay "$(comes_from 3262)" $LATE sport
  lose_connection 3262
}
serves() { session_is 2 LOGGED_IN && timeout 5 dd if="$two" of=/dev/null bs=4k count=1 iflag=direct; }
sent_ago() { [ $(($(now) - $(at sent))) -ge "$1" ]; }   # MS
came_in() { sent_ago $((LATE + 2000)) && ! in_network; }
held() { # FROM BELOW: the hold lasted so many ms, and B stays
  json "$io_json" '.errors == 0 and .miscompares == 0 and .held == 1 and .unfenced == []' "$who"
  json "$io_json" '[.events[] | select(.what | test("lost writes, held|no lost write held any longer: 1 sent again"))] | length == 2 and .[1].at_ms - .[0].at_ms >= '"$1"' and .[1].at_ms - .[0].at_ms < '"$2" "$who: the hold, and its end"
  for disk in "$one" "$two"; do soon 60 "$who: path 2 serves again" serves; same "$who: the block through $disk" B "$(holds "$disk")"; done
  same "$who: the block on the medium" B "$(holds /run/lun0.img)"
}

reset_conn 1 || true; modprobe -a sch_netem sch_prio cls_u32 nf_tables nft_reject_inet   # loading takes long, and would take it when it matters
row "Linux $(uname -r)" 'A is done' 'A is late' 'B is done' 'the block holds'
iscsi_up 2; PING=0 port_iscsi 1 2; one=/dev/$(disks_of 1) two=/dev/$(disks_of 2); alua 1 1   # so path 2 is used first

who='mpath over iSCSI, the hold switched off'; ready; unreachable 3262; tell_story unsafe --unsafe-replay-unknown-writes
soon 60 "$who: A is acknowledged" told 3; stamp A
soon 60 "$who: B is acknowledged" told 4; stamp B
soon 60 "$who: the late packet lands" landed; lost "$one"
finish_story 1; json "$io_json" '.miscompares == 1 and .errors == 0 and .held == 0' "$who"; end; heal

LATE=20000
who='mpath over iSCSI, logged in again'; ready; tell_story login
soon 30 "$who: the session is lost" session_lost 2
soon 30 "$who: the session is logged in again" session_is 2 LOGGED_IN
soon 60 "$who: A is acknowledged" told 3; stamp A
soon 60 "$who: B is acknowledged" told 4; stamp B
above "$who: ms from when B was acknowledged to when the late A came in" 0 $((LATE - $(after B)))
soon 60 "$who: it came in" came_in
! landed || fail "$who: and was carried out"
undelay; finish_story 0; kill "$watcher"; held 0 $LATE
row "$who" "$(secs "$(after A)")" "no effect" "$(secs "$(after B)")" B

LATE=3500
who='mpath over iSCSI, and no login'; ready; unreachable 3262; tell_story time --hold 20s
soon 30 "$who: the late packet lands" landed
! told 3 || fail "$who: A is acknowledged while its first attempt may still land"
soon 60 "$who: A is acknowledged" told 3; stamp A
soon 60 "$who: B is acknowledged" told 4; stamp B
finish_story 0; heal; end; held 20000 23000; outcome B
