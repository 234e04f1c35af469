#!/bin/bash
# needs: mpath.jar
# timeout: 900
# The conformance suite of persistent reservations on LIO, from two hosts, one of which has two sessions: what LIO gets wrong is known,
# and stays so. Over iSCSI, for PREEMPT AND ABORT hangs LIO for good behind tcm_loop.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh; . ./reservations.sh
iscsi_up 2; iscsi_login 1; iscsi_login 2; iscsi_login_as 1 foreign
conformance lio --path /dev/sda --path /dev/sdb --other /dev/sdc --known-defects lio --timeout 60s
