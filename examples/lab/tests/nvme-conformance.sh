#!/bin/bash
# kernel: newest
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 900
# The conformance suite of persistent reservations on nvmet, from two hosts, one of which has two controllers: what nvmet gets wrong is
# known, and stays so.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./reservations.sh
nvmet_up 2; connect 1 2; nvme_connect_as 1 99999999-2222-3333-4444-555555555555
conformance nvmet --path /dev/nvme0n1 --path /dev/nvme1n1 --other /dev/nvme2n1 --known-defects nvmet --timeout 60s
