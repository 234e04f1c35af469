#!/bin/bash
# kernel: newest
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 300
# The example of two processes that fence each other, over nvmet: a host each, with two controllers each to one namespace.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./fencing.sh
other=99999999-2222-3333-4444-555555555555
nvmet_up 2; nvme_connect 1; nvme_connect 2; nvme_connect_as 1 $other; nvme_connect_as 2 $other
fencing nvmet /dev/nvme0n1,/dev/nvme1n1 /dev/nvme2n1,/dev/nvme3n1
