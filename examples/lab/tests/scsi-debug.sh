#!/bin/bash
# kernel: stable
# qemu: -device virtio-scsi-pci,id=q -drive if=none,id=d,file.driver=null-co,file.size=67108864,file.read-zeroes=on,format=raw -device scsi-hd,bus=q.0,drive=d,serial=bare,wwn=0x5000c500a0b0c0d1
# needs: mpath.jar
# timeout: 400
# Two disks that are not LIO's. Medium errors of the SCSI test driver: the caller is told so, at once and once; no path is blamed,
# nothing fails over. Of the driver's two paths one is used, for each lists the group of its own port only. QEMU's own disk, which has no
# ALUA: left out with the reason, and driven as a plain device.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
modprobe -a virtio_scsi sd_mod sg; await 1 '/dev/sd[a-z]'
bare=$(basename "$(dirname "$(dirname "$(grep -l QEMU /sys/block/sd*/device/vendor)")")")
scsi_debug_up; await 3 '/dev/sd[a-z]'
(mpath list --json) >"$LAB_OUT/list.json"
json "$LAB_OUT/list.json" '[.left_out[] | select(.name == "/dev/'"$bare"'" and (.reason | test("TPGS 0")))] | length == 1' "QEMU's disk is left out"
json "$LAB_OUT/list.json" '.devices | length == 1 and (.[0].paths | length == 2)' "scsi_debug's is one device"
(mpath io --path "/dev/$bare" --count 100 --json) >"$LAB_OUT/bare.json" 2>"$LAB_OUT/bare.err" && fail "driven as multipath" || ok "QEMU's disk is not driven as multipath: $(tail -n 1 "$LAB_OUT/bare.err")"
(mpath io --plain --path "/dev/$bare" --id bare --count 500 --json) >"$LAB_OUT/bare.json"
json "$LAB_OUT/bare.json" '.requests == 500 and .errors == 0' "and driven as a plain device"

# Blocks 582 and 583 of 4 KiB hold the ten bad ones, from 4660 on.
id=$(jq -r '.devices[0].id' "$LAB_OUT/list.json")
opts() { echo "$1" >/sys/bus/pseudo/drivers/scsi_debug/opts; }
walk() { local status=0; (mpath io "$id" --policy round-robin --rw read --offset 2m --size 1m --count 256 --depth 4 --json) >"$LAB_OUT/walk.json" || status=$?; same "$1: exit status" "$2" $status; }
opts 2; walk 'bad blocks' 1
json "$LAB_OUT/walk.json" '.requests == 256 and .errors == 2 and .failovers == 0 and .requeues == 0' 'each bad block is told to the caller, once'
json "$LAB_OUT/walk.json" '[.first_errors[] | select(test("MEDIUM|medium"))] | length == 2' 'as what it is'
json "$LAB_OUT/walk.json" 'any(.events[]; .what | test("not usable|failed")) | not' 'and no path is blamed'
opts 0; walk 'mended' 0
json "$LAB_OUT/walk.json" '.requests == 256 and .errors == 0' 'all blocks can be read again'
