#!/bin/bash
# kernel: stable
# timeout: 180
# One SCSI logical unit behind two target port groups: ALUA states, a transport that fails, keys shared by both paths.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh
lio_up 2
unit() { sg_vpd --page=di "/dev/$1" | sed -n 's/.*0x\(6[0-9a-f]\{31\}\).*/\1/p'; }
[ -n "$(unit sda)" ] || fail "no NAA identifier"
same "both paths are one logical unit" "$(unit sda)" "$(unit sdb)"
group_state() { sg_rtpg --decode "/dev/$1" | awk -v id="$2" 'index($0, "target port group id : " id " ") {on=1} on && /target port group asymmetric access state/ {sub(/.* : /, ""); print $1; exit}'; }
alua 2 2
same "group 1 seen through path 1" 0x00 "$(group_state sda 0x10)"
same "group 2 (standby) seen through path 1" 0x02 "$(group_state sda 0x11)"
read_block() { dd if="/dev/$1" of=/dev/null bs=4k count=1 iflag=direct status=none; }
refused "a standby path refuses I/O" read_block sdb
# The host believes in standby until some command, not necessarily one of ours, brings it the unit attention.
alua 2 0; sg_turs /dev/sdb; soon 10 "optimized again, and told of it, the path serves" read_block sdb
sg_persist --out --register --param-sark=0xabc1 /dev/sda >/dev/null
sg_persist --in --read-keys /dev/sdb | grep -qi 0xabc1 || fail "the key registered through one path is not seen through the other"; ok "a key registered through one path is read through the other"
link 2 offline; refused "a failed transport" timeout 20 dd if=/dev/sdb of=/dev/null bs=4k count=1 iflag=direct status=none
read_block sda; ok "leaves the other path alone"
