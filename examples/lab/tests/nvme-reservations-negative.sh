#!/bin/bash
# kernel: newest
# append: nvme_core.multipath=N
# expect: fail FAILED: a host that was not registered: I/O that met a reservation conflict: wanted '0', got
# timeout: 180
# The control of the check that nvme-reservations leans on: I/O of a host that has no access must not pass for I/O of one that has.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./reservations.sh
nvmet_up 2; count_commands; trace_nvme_conflicts; connect 1
nvme_connect_as 2 99999999-2222-3333-4444-555555555555
nvme resv-register /dev/nvme0n1 --nrkey=0xa --rrega=0 >/dev/null
nvme resv-acquire /dev/nvme0n1 --crkey=0xa --rtype=4 --racqa=0 >/dev/null
get() { dd if="$1" of=/dev/null bs=4k count=1 iflag=direct status=none; }
get /dev/nvme0n1; no_conflict 'a host that was registered'
refused 'a host that was not' get /dev/nvme1n1
no_conflict 'a host that was not registered'
