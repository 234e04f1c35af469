#!/bin/bash
# kernel: stable
# append: nvme_core.multipath=N
# needs: mpath.jar
# timeout: 900
# Verified I/O over passthrough paths to three namespaces, one for each policy, at once: on two ports, and on two more that are
# connected under load. Every ANA state on one port and on all of them, connections reset, silence, controllers lost for good and
# connected anew, a namespace that grows, one whose NGUID is another behind a path: no error, no miscompare, and at each step the
# kernel's own count says that the right paths carry the I/O. A fourth, which waits for a path no longer than 5 s, gets its error.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh
reset_conn 1 || true   # loads what it takes to reset connections
nvmet_up 4; for n in 2 3 4; do nvmet_ns $n 64; done
count_commands; connect 1 2; await 2 '/dev/nvme*n4'

id() { echo "uuid.$(<"$NVMET/subsystems/$NQN/namespaces/$1/device_uuid")"; }   # NSID
n=0; for policy in numa round-robin queue-depth; do
  n=$((n + 1)); start $policy $n "$(id $n)" --policy $policy --delayed-removal 60s --rw randrw --verify --size 8m --depth 8 --time 900s --destroy-data
done
start numa-bounded 4 "$(id 4)" --rw randread --depth 1 --time 900s --no-path queue:5s
flow
serve 'two ports' 1 2
ana 2 non-optimized;                      serve 'port 2 non-optimized' 1
ana 1 inaccessible;                       serve 'port 1 inaccessible, too' 2
ana 2 optimized;                          serve 'port 2 optimized' 2
ana 1 optimized;                          serve 'port 1 back' 1 2
ana 2 persistent-loss;                    serve 'port 2 with persistent loss' 1
ana 2 optimized;                          serve 'port 2 back from it' 1 2
ana 1 change;                             serve 'port 1 changing' 2
ana 1 optimized;                          serve 'port 1 changed' 1 2
ana 1 inaccessible; ana 2 inaccessible; stalled 'all ports inaccessible' 7
ana 2 non-optimized; ana 1 optimized;     serve 'back in time' 1
finish numa-bounded 1
bounded numa-bounded
ana 2 optimized

connect 3 4; await 4 '/dev/nvme*n4';      serve 'ports 3 and 4 connected under load' 1 2 3 4
ana 1 inaccessible; ana 2 persistent-loss; ana 3 change; ana 4 non-optimized
                                          serve 'four ports, one of them non-optimized' 4
ana 3 non-optimized;                      serve 'two of them' 3 4
ana 2 optimized;                          serve 'one optimized' 2
for p in 1 2 3 4; do ana $p optimized; done; serve 'all back' 1 2 3 4

ns_grow 3 128;                            serve 'a namespace grows' 1 2 3 4
dmesg --clear; reset_conn 4422 || true;   soon 20 'connections of port 2 reset and made again' reconnected 2
                                          serve 'port 2 reconnected' 1 2 3 4
dmesg --clear; blackhole 4423;            serve 'port 3 silent' 1 2 4
                                          soon 30 'its keep-alive has ended the controller of port 3' ended 3
heal;                                     soon 30 'port 3 heard again' reconnected 3; serve 'port 3 reconnected' 1 2 3 4
nvme_lose "${ctrl[4]}" 2; port_down 4;    soon 30 'the controller of port 4 is lost for good' [ ! -e "/sys/class/nvme/${ctrl[4]}" ]
unset 'ctrl[4]';                          serve 'without port 4' 1 2 3
port_up 4; connect 4;                     serve 'port 4 connected anew' 1 2 3 4
nvme disconnect-all >/dev/null;           stalled 'all controllers lost' 3
connect 1 2 3 4;                          serve 'all connected anew' 1 2 3 4
for n in numa queue-depth; do finish $n 0; done

for p in 1 2 3 4; do ana $p inaccessible; done; stalled 'no path to the last namespace' 1
map_disks; ns_replace 2; echo change >"/sys/class/nvme/${ctrl[2]}/${disk_at[2.2]}/uevent"   # as if the host had looked at this path alone
                                          stalled 'the path of port 2 is asked who it is' 3
for p in 1 2 3 4; do ana $p optimized; done; serve 'its NGUID is another behind port 2' 1 3 4
[ -e "/dev/${disk_at[2.2]}" ] || fail 'the kernel has removed the path itself'
finish round-robin 0

clean non_optimized unavailable persistent_loss transitioning
json "$LAB_OUT/queue-depth.json" 'any(.events[]; .what | test("size 67108864 -> 134217728 bytes"))' 'queue-depth: the namespace has grown'
json "$LAB_OUT/round-robin.json" '[.events[] | select(.what | test("contradicts the device and is not used"))] | length == 1 and (.[0].what | test("'"${disk_at[2.2]}"'.*NGUID"))' 'round-robin: isolated for its NGUID'
