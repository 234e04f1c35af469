#!/bin/bash
# needs: mpath.jar test-classes
# timeout: 300
# The behaviour suite that the emulated array passes, clause by clause, on the kernel's own target over iSCSI and on its SCSI test
# driver, through SG_IO. Where one of them is known not to do what a clause says, it must go on not doing it.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh
suite() { # TARGET LOG OPTION... -- DISK...
  local target=$1 log=$LAB_OUT/$1.log options=() status=0; shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "${options[@]}" -cp "$jar:../../mpath-scsi/target/test-classes" io.mpath.scsi.linux.KernelScenarios "$target" "$@" >"$log" 2>&1 || status=$?
  cat "$log"; same "$target: exit status" 0 $status
  show "$(uname -r), $target: $(tail -n 1 "$log")"
}
reset_conn 1 || true
without_handler   # which asks for states, too, and takes unit attentions meant for us
iscsi_up 2; port_iscsi 1 2
printf '#!/bin/bash\nss -K dst 127.0.0.1 dport = 3261 >/dev/null\nexit 0\n' >/run/lose; chmod +x /run/lose
group() { echo "$(disks_of "$1")=$CORE/fileio_0/d0/alua/tpg$1/alua_access_state"; }   # PORT: its disk, and where its state is set
suite lio -Dscenario.lose=/run/lose -- "$(group 1)" "$(group 2)"

scsi_debug_up; await 4 '/dev/sd[a-z]'
read -ra disks <<<"$(grep -l scsi_debug /sys/block/sd*/device/model | cut -d / -f 4 | xargs)"
suite scsi_debug -Dscenario.grow=/sys/bus/pseudo/drivers/scsi_debug/virtual_gb=1 -- "${disks[@]}"
