#!/bin/bash
# needs: mpath.jar
# timeout: 900
# Verified I/O through SG_IO to three logical units, one for each policy, at once: through two local ports, and two of iSCSI that are
# logged in under load. Every ALUA state on one port and on all of them, transports and disks offline, disks deleted, connections
# reset, silence, units that are replaced behind a path: no error, no miscompare, nothing written to the unit that is there instead, and
# at each step the kernel's own count says that the right paths carry the I/O. A fourth, which waits for a path no longer than 5 s, gets
# its error. The disks of port 4 have the kernel's hardware handler of ALUA, which takes unit attentions to itself, and the others have not.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh; . ./scsi.sh
reset_conn 1 || true   # loads what it takes to reset connections
without_handler; lio_up 2 64; for n in 1 2 3; do lio_more $n 64; done; await 8 '/dev/sd[a-z]'
count_commands; port_local 1 2
state() { local d; for d in $(disks_of "$1"); do "$2" "$d"; done; }   # PORT sd_offline|sd_running|sd_delete: all disks through it
# PORT: a program that asks the disks of a port how they are is told what was meant for us; the kernel announces that.
asked() { local d; for d in $(disks_of "$1"); do sg_turs "/dev/$d" || true; done; }

n=0; for policy in numa round-robin queue-depth; do
  start $policy $n "$(lio_id $n)" --policy $policy --hold 5s --rw randrw --verify --size 8m --depth 8 --time 900s --destroy-data; n=$((n + 1))
done
start numa-bounded 3 "$(lio_id 3)" --rw randread --depth 1 --time 900s --no-path queue:5s
flow
serve 'two ports' 1 2
alua 2 1;                      serve 'port 2 non-optimized' 1
alua 1 2;                      serve 'port 1 in standby, too' 2
alua 2 0;                      serve 'port 2 optimized' 2
alua 1 0;                      serve 'port 1 back, and nobody tells' 1 2
alua 2 3;                      serve 'port 2 unavailable' 1
alua 2 0; asked 2;             serve 'port 2 back, and told to another program' 1 2
alua_delay 1 2000; alua 1 1 &  serve 'port 1 transitioning, one unit after the other' 2
wait $!; alua_delay 1 0; alua 1 0; asked 1; serve 'port 1 is through' 1 2
alua 1 2; alua 2 3;            stalled 'all ports in standby or unavailable' 7
alua 2 1; alua 1 0;            PATIENCE=15 serve 'back in time' 1
finish numa-bounded 1
bounded numa-bounded
alua 2 0; asked 2
link 2 offline;                serve 'the transport of port 2 fails' 1
link 2 online;                 serve 'and is back' 1 2
state 2 sd_offline;            serve 'the disks of port 2 are offline' 1
state 2 sd_running;            serve 'and running' 1 2

iscsi_up 2; port_iscsi 3; with_handler; port_iscsi 4; for p in 1 2 3; do handled $p detached; done; handled 4 alua
                               serve 'ports 3 and 4, over iSCSI, come under load' 1 2 3 4
alua 1 2; alua 2 3; alua 3 1;  serve 'four ports, one of them optimized' 4
alua 4 1;                      serve 'two non-optimized' 3 4
for p in 1 2 3 4; do alua $p 0; done; serve 'all back' 1 2 3 4
dmesg --clear; reset_conn 3263 || true
                               soon 30 'the connection of port 3 is reset' session_lost 3; soon 30 'and made again' session_is 3 LOGGED_IN
                               serve 'port 3 is back' 1 2 3 4
blackhole 3264;                serve 'port 4 is silent' 1 2 3
heal;                          soon 60 'and heard again' session_is 4 LOGGED_IN; serve 'port 4 is back' 1 2 3 4
state 4 sd_delete;             serve 'the disks of port 4 are deleted' 1 2 3
sd_scan "${ctrl[4]%.*}";       serve 'and found anew' 1 2 3 4
finish numa 0
for n in 1 2; do lio_replace $n "$ISCSI/tpgt_3"; done
                               serve 'other units behind port 3' 1 2 4
finish round-robin 0
lio_replace 2 "$ISCSI/tpgt_4"; serve 'and behind port 4, with its handler' 1 2
finish queue-depth 0
for n in 1 2; do untouched $n; done

clean non_optimized standby unavailable transitioning
