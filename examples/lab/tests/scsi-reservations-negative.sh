#!/bin/bash
# kernel: stable
# expect: fail FAILED: a path that was not registered: I/O that met a reservation conflict: wanted '0', got
# timeout: 180
# The control of the check that scsi-reservations leans on: I/O through a path that is used without being registered must not pass.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh; . ./reservations.sh
lio_up 2; count_commands; trace_scsi_conflicts
pr --out --register --param-sark=0xa /dev/sda
pr --out --reserve --param-rk=0xa --prout-type=6 /dev/sda
get() { dd if="$1" of=/dev/null bs=4k count=1 iflag=direct status=none; }
get /dev/sda; no_conflict 'a path that was registered'
refused 'a path that was not' get /dev/sdb
no_conflict 'a path that was not registered'
