#!/bin/bash
# kernel: stable
# qemu: -object memory-backend-ram,id=m0,size=1536M -object memory-backend-ram,id=m1,size=1536M
# qemu: -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1 -numa dist,src=0,dst=1,val=20
# timeout: 120
# A guest with two NUMA nodes, one processor each.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh
same "nodes" 0-1 "$(cat /sys/devices/system/node/online)"
same "processors of node 1" 1 "$(cat /sys/devices/system/node/node1/cpulist)"
same "distances from node 0" "10 20" "$(cat /sys/devices/system/node/node0/distance)"
