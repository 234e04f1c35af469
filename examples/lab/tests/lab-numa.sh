#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# qemu: -object memory-backend-ram,id=m0,size=1536M -object memory-backend-ram,id=m1,size=1536M
# qemu: -numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1 -numa dist,src=0,dst=1,val=20
# qemu: -device pxb,bus=pci.0,id=far0,bus_nr=64,numa_node=0 -device pxb,bus=pci.0,id=far1,bus_nr=128,numa_node=1
# qemu: -device nvme-subsys,id=s,nqn=nqn.2026-01.io.mpath:numa
# qemu: -device nvme,id=c0,serial=a,subsys=s,bus=far0 -device nvme,id=c1,serial=a,subsys=s,bus=far1
# qemu: -blockdev driver=null-co,node-name=d,size=67108864,read-zeroes=on -device nvme-ns,drive=d,nsid=1,shared=on,bus=c0
# needs: mpath.jar
# timeout: 240
# A guest with two NUMA nodes, one processor and one NVMe controller each, both controllers leading to one namespace: with
# the policy numa each node's requests go down the path on that node.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
same "nodes" 0-1 "$(cat /sys/devices/system/node/online)"
same "processors of node 1" 1 "$(cat /sys/devices/system/node/node1/cpulist)"
same "distances from node 0" "10 20" "$(cat /sys/devices/system/node/node0/distance)"

modprobe nvme; await 2 '/dev/nvme*n1'
disk_on() { local c; for c in /sys/class/nvme/nvme*; do [ "$(cat "$c/numa_node")" != "$1" ] || basename "$c"/nvme*n1; done; }   # NODE
serves() { # NODE: a program on its processor
  local near before; near=$(disk_on "$1"); [ -n "$near" ] || fail "node $1 has no path"
  look; before=$((total - seen[$near]))
  (exec taskset -c "$1" java -jar ../target/mpath.jar io --plain --path /dev/nvme0n1 --path /dev/nvme1n1 --id disk --policy numa \
    --rw randread --time 1s --json) >"$LAB_OUT/numa$1.json"
  json "$LAB_OUT/numa$1.json" '.errors == 0 and .requests > 20' "node $1"
  json "$LAB_OUT/numa$1.json" "[.paths[] | select(.requests > 0) | .name] == [\"/dev/$near\"]" "node $1 is served by the path on it"
  look; above "reads that the kernel counted on $near, more than on the other" $((total - seen[$near] - before)) "${seen[$near]}"
}
serves 0
serves 1
