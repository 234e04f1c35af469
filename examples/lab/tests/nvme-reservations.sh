#!/bin/bash
# kernel: newest
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 900
# Persistent reservations of one namespace of nvmet over two controllers, which are one registrant: the target knows the host. What
# mpath writes nvme-cli reads, and the other way; a path that is cut keeps nobody from releasing, and needs nothing when it returns;
# and a host that is preempted by another while a path is cut stays so when that returns: its I/O meets the conflict, on both paths, and
# blames none. The target of Linux has reservations from 6.13 on.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./reservations.sh
reset_conn 1 || true   # loads what it takes to reset connections
FOREIGN=99999999-2222-3333-4444-555555555555
nvmet_up 2; count_commands; trace_nvme_conflicts; connect 1 2
nvme_connect_as 1 $FOREIGN
one=/dev/${ctrl[1]}n1 two=/dev/${ctrl[2]}n1 foreign=/dev/nvme2n1
device=(--path "$one" --path "$two")

reserve 0 register --key 0xa
same 'keys, as nvme-cli reads them' 10 "$(registrants "$foreign")"
same 'and whose they are' "${HOSTID//-/}" "$(status "$foreign" | jq -r '.regctlext[].hostid')"
nvme resv-acquire "$two" --crkey=0xa --rtype=3 --racqa=0 >/dev/null
reserve 0 report
json "$said" '.reservation == {"type": "write-exclusive-registrants-only", "holder": "0xa"}' 'the reservation, as nvme-cli made it'
json "$said" '(.registrants | length) == 1 and .registrants[0].key == "0xa" and .registrants[0].holder and (.registrants[0].host | gsub("[^0-9a-f]"; "") | test("'"${HOSTID//-/}"'"))' 'its holder'
ana 2 inaccessible
reserve 0 release --key 0xa --type write-exclusive-registrants-only
same 'type of what was reserved through a path that is gone' 0 "$(type_of "$one")"
same 'and the registration' 10 "$(registrants "$one")"
reserve 0 clear --key 0xa
same 'keys of a cleared namespace' '' "$(registrants "$one")"

start round-robin 1 "${device[@]}" --policy round-robin --key 0xa --reserve exclusive-access-registrants-only --rw randrw --size 8m --depth 4 --time 300s --destroy-data
flow;                          serve 'one port, the other was cut before' 1
same 'registered and reserved' '10* 4' "$(registrants "$one") $(type_of "$one")"
ana 2 optimized;               serve 'port 2 is back' 1 2
dmesg --clear; reset_conn 4422 || true
                               soon 20 'connections of port 2 reset and made again' reconnected 2
                               serve 'port 2 reconnected' 1 2
no_conflict 'and both have access'

ana 1 inaccessible;            serve 'port 1, through which it was reserved, is cut' 2
ana 2 inaccessible; ana 1 optimized
                               serve 'port 2 is cut' 1
nvme resv-register "$foreign" --nrkey=0xb --rrega=0 >/dev/null
nvme resv-acquire "$foreign" --crkey=0xb --prkey=0xa --rtype=4 --racqa=1 >/dev/null
stalled 'another host has preempted this one' 2
same 'conflicts through the path that is cut' 0 "$(conflicts "${two##*/}")"
ana 2 optimized
soon 60 'port 2 is back, and I/O through it meets a conflict' met "${two##*/}"
same 'keys and type, then' '11* 4' "$(registrants "$foreign") $(type_of "$foreign")"
finish round-robin 1
loser round-robin 0xa "$two"

reserve 0 register --key 0xc
reserve 1 reserve --key 0xc --type write-exclusive
json "$said" '.outcome == "conflict" and (.text | test("0xb")) and .state.reservation == {"type": "exclusive-access-registrants-only", "holder": "0xb"}' 'a conflict names the holder'
reserve 0 preempt --key 0xc --victim 0xb --type write-exclusive
same 'keys and type after preempting the other host' '12* 1' "$(registrants "$one") $(type_of "$one")"
put() { dd if=/dev/zero of="$1" bs=4k count=1 oflag=direct conv=nocreat status=none; }   # DISK
refused 'a write of the other host' put "$foreign"
for disk in "$one" "$two"; do put "$disk"; done; ok 'a write through either path'
reserve 0 register --key 0xc --new-key 0
same 'keys and type when this host has left' ' 0' "$(registrants "$one") $(type_of "$one")"
show "$(uname -r): all phases in $SECONDS s"
