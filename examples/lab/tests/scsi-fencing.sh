#!/bin/bash
# needs: mpath.jar
# timeout: 300
# The example of two processes that fence each other, over LIO and iSCSI: a host each, with two sessions each to one logical unit. Who
# is preempted gets the conflict through both, and none of its writes is accepted after that.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./fencing.sh
iscsi_up 2; iscsi_login 1; iscsi_login 2; iscsi_login_as 1 foreign; iscsi_login 2 foreign
fencing LIO /dev/sda,/dev/sdb /dev/sdc,/dev/sdd
