#!/bin/bash
# kernel: stable
# qemu: -device virtio-scsi-pci,id=q -drive if=none,id=d,file.driver=null-co,file.size=67108864,file.read-zeroes=on,format=raw -device scsi-hd,bus=q.0,drive=d,serial=bare,wwn=0x5000c500a0b0c0d1
# needs: mpath.jar
# timeout: 400
# Disks that are not LIO's. QEMU's own, which has no ALUA: left out with the reason, driven as a plain device, and opened bare, by its
# own commands, the first of which it meets with a unit attention. Those of the SCSI test driver: refused while dm-multipath has them;
# medium errors are told to the caller, at once and once, no path is blamed, nothing fails over; a unit that is reset under I/O says so,
# nobody is told an error, and its access states are read again. Of the driver's two paths one is used, for each lists the group of its
# own port only.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh
without_handler   # it would take the unit attention of a reset to itself
modprobe -a virtio_scsi sd_mod sg; await 1 '/dev/sd[a-z]'
bare=$(basename "$(dirname "$(dirname "$(grep -l QEMU /sys/block/sd*/device/vendor)")")")
scsi_debug_up; await 3 '/dev/sd[a-z]'; count_commands
driver=/sys/bus/pseudo/drivers/scsi_debug
read -ra two <<<"$(grep -l scsi_debug /sys/block/sd*/device/model | cut -d / -f 4 | xargs)"
unfit() { # WHAT TEXT OPTION...: mpath io does nothing, and says why
  local status=0; (mpath io "${@:3}") >"$LAB_OUT/unfit" 2>&1 || status=$?
  same "$1: exit status" 2 $status; grep -qF -- "$2" "$LAB_OUT/unfit" || fail "$1: it does not say '$2' but $(<"$LAB_OUT/unfit")"
  ok "$1: $(<"$LAB_OUT/unfit")"
}
# The kernel's trace of the ends that tell of a reset, and of the access states that are read.
address() { local name; name=$(realpath "/sys/block/$1/device"); IFS=: read -r host channel id lun <<<"${name##*/}"; echo "host_no=$host channel=$channel id=$id lun=$lun "; }   # DISK
trace_resets() {
  local ends=$TRACE/events/scsi/scsi_dispatch_cmd_done
  echo 'opcode == 0xa3 || (sense_key == 6 && asc == 0x29)' >"$ends/filter"; : >$TRACE/trace; echo 1 >"$ends/enable"
}
told_of_reset() { grep -F "$(address "$1")" $TRACE/trace | grep -E "cmnd=\(($2) .*asc=0x29 "; }   # DISK OPCODES
# Within 10 s of such an end of a read or a write; states that nobody told anything of are read twice a minute.
read_again() {
  tr -d ':' <$TRACE/trace | awk '/^#/ {next} {for (i = 1; i < NF && $(i + 1) != "scsi_dispatch_cmd_done";) i++; now = $i}
    /asc=0x29 / && /cmnd=\((READ|WRITE)_(10|16) / {told = now} told && now < told + 10 && /MAINTENANCE_IN/ {found = 1} END {exit !found}'
}

(mpath list --json) >"$LAB_OUT/list.json"
json "$LAB_OUT/list.json" '[.left_out[] | select(.name == "/dev/'"$bare"'" and (.reason | test("TPGS 0")))] | length == 1' "QEMU's disk is left out"
json "$LAB_OUT/list.json" '.devices | length == 1 and (.[0].paths | length == 2)' "scsi_debug's is one device"
unfit "QEMU's disk as a path of several" 'TPGS 0' --path "/dev/$bare" --count 100
(mpath io --plain --path "/dev/$bare" --id bare --count 500 --json) >"$LAB_OUT/bare.json"
json "$LAB_OUT/bare.json" '.requests == 500 and .errors == 0' "driven as a plain device"
trace_resets; sg_reset -d "/dev/$bare"
(program -cp "$jar" io.mpath.examples.cli.BareReads --path "/dev/$bare" --count 500) >"$LAB_OUT/bare.json"
json "$LAB_OUT/bare.json" '.requests == 500 and .errors == 0' "opened bare"
told=$(told_of_reset "$bare" '[A-Z_0-9]+') || fail "QEMU's disk told of no reset: $(<$TRACE/trace)"
ok "and told first of a reset: $told"

modprobe -a dm-multipath dm-queue-length
dmsetup create mpathq --uuid mpath-lab --table "0 $(blockdev --getsz "/dev/${two[0]}") multipath 0 0 1 1 queue-length 0 2 1 $(<"/sys/block/${two[0]}/dev") 1 $(<"/sys/block/${two[1]}/dev") 1"
(mpath list --json) >"$LAB_OUT/owned.json"
json "$LAB_OUT/owned.json" '.devices == [] and ([.left_out[] | select(.reason | test("dm-multipath has it, as mpathq.*multipath -f mpathq"))] | length == 2)' 'disks of dm-multipath are left out, with the remedy'
unfit 'a disk of dm-multipath' 'multipath -f mpathq' --path "/dev/${two[0]}" --count 100
dmsetup remove mpathq

# Blocks 582 and 583 of 4 KiB hold the ten bad ones, from 4660 on.
id=$(jq -r '.devices[0].id' "$LAB_OUT/list.json")
walk() { local status=0; (mpath io "$id" --policy round-robin --rw read --offset 2m --size 1m --count 256 --depth 4 --json) >"$LAB_OUT/walk.json" || status=$?; same "$1: exit status" "$2" $status; }
echo 2 >$driver/opts; walk 'bad blocks' 1
json "$LAB_OUT/walk.json" '.requests == 256 and .errors == 2 and .failovers == 0 and .requeues == 0' 'each bad block is told to the caller, once'
json "$LAB_OUT/walk.json" '[.first_errors[] | select(test("MEDIUM|medium"))] | length == 2' 'as what it is'
json "$LAB_OUT/walk.json" 'any(.events[]; .what | test("not usable|failed")) | not' 'and no path is blamed'
echo 0 >$driver/opts; walk 'mended' 0
json "$LAB_OUT/walk.json" '.requests == 256 and .errors == 0' 'all blocks can be read again'

echo 0 >$driver/delay   # what waits inside the driver when it is reset is never answered
for p in 0 1; do read -r host _ <<<"$(address "${two[p]}" | tr -c '0-9\n' ' ')"; ctrl[$p]=$host.0; done
served() { look; echo $((${carried[${ctrl[0]}.0]:-0} + ${carried[${ctrl[1]}.0]:-0})); }   # what the walks read, too
flows() { alive reset 'its beginning'; [ "$(served)" -gt $((from + 300)) ]; }
from=$(served); start reset 0 "$id" --rw randrw --verify --size 8m --depth 4 --time 300s --hold 5s --destroy-data
soon 180 'I/O flows' flows; trace_resets
for d in "${two[@]}"; do sg_reset -d "/dev/$d"; done
(soon 30 'the reset is told to I/O, and the access states are read within 10 s' read_again) || { cut -c 1-400 $TRACE/trace; exit 1; }
pause 3; finish reset 0; jq -r '.events[] | "\(.at_ms) \(.what)"' "$LAB_OUT/reset.json"
json "$LAB_OUT/reset.json" '.errors == 0 and .miscompares == 0 and .requests > 500 and .read_back > 0' 'no request fails of a reset'
