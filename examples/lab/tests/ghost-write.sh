#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=Y
# needs: mpath.jar
# timeout: 600
# A is written to a block; its packets are late, and the host loses the connection that they were sent on. A is sent again on
# the other path and acknowledged; then B is written to the same block and acknowledged. Which of the two does the block hold
# when the late packets have come in? Linux's NVMe multipath and its dm-multipath lose B, and so do we with the hold switched
# off. With the hold, which is the default, A is sent again only when its first attempt can land no more, and B stays.
#
# The fault is the same for all of them, in one boot: see ghost.sh.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
LATE=12000; . ./ghost.sh

# The network sends from the pages of whoever writes. dd waits for more input, so that A stays in its own; otherwise the late
# packet carries what came into them next.
write_a() { # DISK
  mkfifo /run/feed; dd if=/run/feed of="$1" bs=4k oflag=direct iflag=fullblock conv=nocreat status=none & dd=$!
  exec 5>/run/feed; cat /run/A >&5
}
acknowledged() { grep -qx 'pos:[[:space:]]*4096' "/proc/$dd/fdinfo/1"; }
linux() { # WHO DISK MEDIUM PORT
  begin "$@"; write_a "$2"; lose_connection "$4"
  soon 30 "$who: A is acknowledged" acknowledged; stamp A
  put "$2"; stamp B
  soon 30 "$who: the late packet lands" landed; lost "$2"
  end; exec 5>&-; wait $dd; rm /run/feed
}

wrote() { local stat; read -ra stat <"/sys/block/$1/stat"; echo "${stat[4]}"; }   # DISK: writes that the kernel has completed there
start_story() { # NAME OPTION...: over both iSCSI paths, the one that is to be lost first
  io_json=$LAB_OUT/$1.json io_err=$LAB_OUT/$1.err; shift
  other_wrote=$(($(wrote sda) + 1)); begin "$who" /dev/sda /run/lun0.img 3262
  RANK=0 mpath io --plain --path /dev/sdb --path /dev/sda --id ghost --script /run/story --destroy-data --json "$@" >"$io_json" 2>"$io_err" & io_pid=$!
  lose_connection 3262
}

reset_conn 1 || true   # loads what it takes to reset connections: that alone can last as long as packets are late
row "Linux $(uname -r)" 'A is done' 'A is late' 'B is done' 'the block holds'
nvmet_up 2; nvme_connect 1 -l 60 -c 1 -k 30; nvme_connect 2 -l 60 -c 1 -k 30; ana 1 non-optimized; sleep 0.5   # so path 2 is used first
linux 'nvme-multipath over NVMe/TCP' /dev/nvme0n1 /dev/nullb0 4422
nvme disconnect-all >/dev/null

# No pings: they would end the connection when it pleases them. A session is given up after a second (Linux: 120 s).
iscsi_up 2; PING=0 iscsi_login 1; PING=0 iscsi_login 2; modprobe -a dm-multipath dm-service-time
a=$(cat /sys/block/sda/dev) b=$(cat /sys/block/sdb/dev)
dmsetup create mp --table "0 $(blockdev --getsz /dev/sda) multipath 1 queue_if_no_path 0 2 1 service-time 0 1 1 $b 1 service-time 0 1 1 $a 1"; dmsetup mknodes
linux 'dm-multipath over iSCSI' /dev/mapper/mp /run/lun0.img 3262
dmsetup remove mp
healed() { soon 60 "$who: the path that was lost serves again" holds /dev/sdb; }

healed; who='mpath over iSCSI, the hold switched off'; start_story unsafe --unsafe-replay-unknown-writes
soon 60 "$who: A is acknowledged" told 1; stamp A
soon 60 "$who: B is acknowledged" told 2; stamp B
soon 60 "$who: the late packet lands" landed; lost /dev/sda
finish_story 1; json "$io_json" '.miscompares == 1 and .errors == 0 and .held == 0' "$who"; end

# The kernel keeps A itself until it gives the session up, is then not let send it again ("rejecting I/O to offline device"), and
# says EIO, which tells nothing of the attempt that is on its way: so it is of unknown outcome.
healed; who='mpath over iSCSI'; start_story held
soon 60 "$who: the late packet lands" landed
! told 1 || fail "$who: A is acknowledged while its first attempt may still land"
same "$who: writes on the other path by then" "$other_wrote" "$(wrote sda)"
undelay; healed
soon 120 "$who: A is acknowledged" told 1; stamp A
above "$who: ms from A's first attempt to its acknowledgement" 60000 "$(after A)"
soon 60 "$who: B is acknowledged" told 2; stamp B
finish_story 0
json "$io_json" '.errors == 0 and .miscompares == 0 and .held == 1 and .unfenced == []' "$who"
json "$io_json" 'any(.events[]; .path == "/dev/sdb" and (.what | endswith("failed (1): pwrite: EIO (input/output error)")))' "$who: all that the kernel says of A"
json "$io_json" '[.events[] | select(.what | test("lost writes, held|no lost write held any longer: 1 sent again"))] | length == 2 and .[1].at_ms - .[0].at_ms >= 60000' "$who: the hold and its end"
for disk in /dev/sda /dev/sdb; do same "$who: the block through $disk" B "$(holds $disk)"; done
same "$who: the block on the medium" B "$(head -c 1 /run/lun0.img)"
outcome B; kill $watcher
