#!/bin/bash
# needs: mpath.jar
# timeout: 900
# Persistent reservations over four nexuses to one logical unit of LIO, each of which the unit knows by itself. What mpath writes
# sg_persist reads, and the other way; the reservation of a path that is gone is released; a path that was cut while the others were
# registered is registered before it is used; and a host that is preempted by another while a path is cut stays so when that returns:
# its I/O meets the conflict, on all paths, and blames none.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh; . ./reservations.sh
lio_up 4 64; iscsi_up 1; count_commands; trace_scsi_conflicts; port_local 1 2 3 4
disk=(none /dev/sda /dev/sdb /dev/sdc /dev/sdd); paths=(); for p in 1 2 3 4; do paths+=(--path "${disk[p]}"); done
others() { for p in 1 2 3 4; do [ "$p" = "$1" ] || echo "$p"; done | xargs; }   # PORT

device=("$(lio_id 0)")
reserve 0 register --key 0xa
same 'keys, as sg_persist reads them' 4x0xa "$(keys /dev/sda)"
same 'registered nexuses, by full status' '1 2 3 4' "$(nexuses /dev/sdb)"
pr --out --reserve --param-rk=0xa --prout-type=5 /dev/sdc
reserve 0 report
json "$said" '.reservation == {"type": "write-exclusive-registrants-only", "holder": "0xa"}' 'the reservation, as sg_persist made it'
json "$said" '(.registrants | length) == 4 and all(.registrants[]; .key == "0xa") and ([.registrants[] | select(.holder) | .host | test("6001405bbbbbbbb3"; "i")] == [true])' 'its holder'
link 3 offline
reserve 0 release --key 0xa --type write-exclusive-registrants-only
same 'what was reserved through a path that is gone' none "$(reservation /dev/sda)"
same 'and the registrations of the others' '1 2 4' "$(nexuses /dev/sda)"
link 3 online
reserve 0 clear --key 0xa
same 'keys of a cleared unit' '' "$(keys /dev/sda)"

alua 4 3
start round-robin 0 "${paths[@]}" --policy round-robin --key 0xa --reserve exclusive-access-registrants-only --rw randrw --hold 5s --size 8m --depth 4 --time 300s --destroy-data
flow;                          serve 'three ports' 1 2 3
same 'registered while port 4 was cut' '1 2 3' "$(nexuses /dev/sda | tr -d '*')"
same 'reserved' '0xa Exclusive Access, registrants only' "$(reservation /dev/sdb)"
alua 4 0; sg_turs "${disk[4]}" || true
                               serve 'port 4 is back' 1 2 3 4
same 'and was registered' 4x0xa "$(keys /dev/sda)"
no_conflict 'and was so before it was used'

cut=$(holder /dev/sda); read -ra rest <<<"$(others "$cut")"
link "$cut" offline;           serve "port $cut, which holds the reservation, is cut" "${rest[@]}"
no_conflict 'and the others have access'
iscsi_login_as 5 foreign
pr --out --register --param-sark=0xb /dev/sde
pr --out --preempt --param-rk=0xb --param-sark=0xa --prout-type=6 /dev/sde
stalled 'another host has preempted this one' 2
link "$cut" online
soon 60 "port $cut is back, and I/O through it meets a conflict" met "id=$cut "
same 'keys, then' 1x0xb "$(keys /dev/sde)"
same 'the reservation, then' '0xb Exclusive Access, registrants only' "$(reservation /dev/sde)"
finish round-robin 1
loser round-robin 0xa "${disk[cut]}"

device=("${paths[@]}")
reserve 0 register --key 0xc
reserve 1 reserve --key 0xc --type write-exclusive
json "$said" '.outcome == "conflict" and (.text | test("0xb")) and .state.reservation == {"type": "exclusive-access-registrants-only", "holder": "0xb"}' 'a conflict names the holder'
reserve 0 preempt --key 0xc --victim 0xb --type write-exclusive
same 'keys after preempting the other host' 4x0xc "$(keys /dev/sda)"
same 'and the reservation' '0xc Write Exclusive' "$(reservation /dev/sda)"
put() { dd if=/dev/zero of="$1" bs=4k count=1 oflag=direct conv=nocreat status=none; }   # DISK
refused 'a write of the other host' put /dev/sde
put "${disk[$(holder /dev/sda)]}"; ok 'a write through the path that holds it'
reserve 0 register --key 0xc --new-key 0
same 'keys when this host has left' '' "$(keys /dev/sda)"
show "$(uname -r): all phases in $SECONDS s"
