# shellcheck shell=bash disable=SC2178,SC2128
# Real targets made by the guest's own kernel: source this inside the guest (see README.md).
# Every function prints nothing and fails loudly (set -e in the caller).
NQN=nqn.2026-01.io.mpath:lab
HOSTID=11111111-2222-3333-4444-555555555555
export HOSTNQN=nqn.2014-08.org.nvmexpress:uuid:$HOSTID
NVMET=/sys/kernel/config/nvmet
CORE=/sys/kernel/config/target/core
IQN=iqn.2026-01.io.mpath:lab
LOOP=/sys/kernel/config/target/loopback/naa.6001405aaaaaaaa1
ISCSI=/sys/kernel/config/target/iscsi/$IQN

# nvmet_up PORTS: one subsystem, one 1 GiB RAM-backed namespace, PORTS TCP ports, one ANA group state per port.
nvmet_up() {
  local ports=$1 p
  modprobe -a nvmet nvmet-tcp nvme-fabrics nvme-tcp
  modprobe null_blk nr_devices=1 gb=1 memory_backed=1 discard=1
  mkdir "$NVMET/subsystems/$NQN"; echo 1 >"$NVMET/subsystems/$NQN/attr_allow_any_host"
  local ns=$NVMET/subsystems/$NQN/namespaces/1
  mkdir "$ns"; echo -n /dev/nullb0 >"$ns/device_path"; echo 2fcf5d2c-5a1d-4d6e-9d4c-000000000001 >"$ns/device_nguid"
  echo 2fcf5d2c-5a1d-4d6e-9d4c-0000000000ff >"$ns/device_uuid"   # otherwise a new one in every boot
  [ ! -e "$ns/resv_enable" ] || echo 1 >"$ns/resv_enable"   # reservations: kernels from 6.13 on
  echo 1 >"$ns/enable"
  for p in $(seq "$ports"); do
    mkdir "$NVMET/ports/$p"
    echo tcp >"$NVMET/ports/$p/addr_trtype"; echo ipv4 >"$NVMET/ports/$p/addr_adrfam"
    echo 127.0.0.1 >"$NVMET/ports/$p/addr_traddr"; echo $((4420 + p)) >"$NVMET/ports/$p/addr_trsvcid"
    ln -s "$NVMET/subsystems/$NQN" "$NVMET/ports/$p/subsystems/$NQN"
  done
}
# nvmet_ns NSID MB: one more namespace of it, in the file /run/nsNSID.img, behind all of its ports.
nvmet_ns() {
  local ns=$NVMET/subsystems/$NQN/namespaces/$1; truncate -s "$2M" "/run/ns$1.img"
  mkdir "$ns"; echo -n "/run/ns$1.img" >"$ns/device_path"; echo 1 >"$ns/buffered_io"
  printf '2fcf5d2c-5a1d-4d6e-9d4c-%012d' "$1" >"$ns/device_nguid"; printf '2fcf5d2c-5a1d-4d6e-9d4c-%010dff' "$1" >"$ns/device_uuid"; echo 1 >"$ns/enable"; }
ns_grow() { truncate -s "$2M" "/run/ns$1.img"; echo 1 >"$NVMET/subsystems/$NQN/namespaces/$1/revalidate_size"; }   # NSID MB: hosts are told by an event
# ns_replace NSID: behind the NSID stands from here on a namespace of another NGUID (with the same data, so that a test can tell
# isolated from merely lucky). No host is told: the events of all its controllers are off until they are reset. All ports must be inaccessible meanwhile, for there is a moment without any namespace.
ns_replace() {
  local c ns=$NVMET/subsystems/$NQN/namespaces/$1
  for c in /dev/nvme[0-9]*; do [[ $c == *n[0-9]* ]] || nvme set-feature "$c" -f 0x0b -v 0 >/dev/null; done
  echo 0 >"$ns/enable"; printf '2fcf5d2c-5a1d-4d6e-9d4c-%012d' $((900 + $1)) >"$ns/device_nguid"; echo 1 >"$ns/enable"; }
# nvme_connect PORT [nvme connect options]: one controller, so one path. With nvme_core.multipath=N (a kernel
# argument) every path is a block device of its own, /dev/nvmeXn1; with Y the kernel joins them into one head.
nvme_connect() {
  local p=$1 had; shift; had=$(count /sys/class/nvme/nvme*/nvme*n1)
  nvme connect -t tcp -a 127.0.0.1 -s $((4420 + p)) -n "$NQN" --hostnqn="$HOSTNQN" --hostid="$HOSTID" "$@" >/dev/null
  await $((had + 1)) '/sys/class/nvme/nvme*/nvme*n1'; }
nvme_connect_as() { # PORT UUID: the same as another host. nvme-cli (2.3) takes the connections of two hosts to one port for one.
  local had; had=$(count /sys/class/nvme/nvme*/nvme*n1)
  echo "transport=tcp,traddr=127.0.0.1,trsvcid=$((4420 + $1)),nqn=$NQN,hostnqn=nqn.2014-08.org.nvmexpress:uuid:$2,hostid=$2,ctrl_loss_tmo=60,reconnect_delay=1" >/dev/nvme-fabrics
  await $((had + 1)) '/sys/class/nvme/nvme*/nvme*n1'; }
nvme_of() { grep -l "trsvcid=$((4420 + $1))\b" /sys/class/nvme/nvme*/address | sed 's,.*/\(nvme[0-9]*\)/address,\1,'; }   # PORT: its controllers, nvme0 …
ana() { echo "$2" >"$NVMET/ports/$1/ana_groups/1/ana_state"; }   # PORT optimized|non-optimized|inaccessible|persistent-loss|change
port_down() { rm "$NVMET/ports/$1/subsystems/$NQN"; }            # the port stops serving: after ctrl_loss_tmo the kernel deletes the controller, its nodes vanish
nvme_lose() { echo "$2" >"/sys/class/nvme/$1/ctrl_loss_tmo"; }     # CONTROLLER S: is given up that long after its port went down
port_up() { ln -s "$NVMET/subsystems/$NQN" "$NVMET/ports/$1/subsystems/$NQN"; }   # then nvme_connect again
pci_remove() { echo 1 >"/sys/bus/pci/devices/$(<"/sys/class/nvme/$1/address")/remove"; }   # CONTROLLER: it is gone, its namespaces with it
pci_rescan() { echo 1 >/sys/bus/pci/rescan; }                                              # and comes back
# Network faults, by TCP port: NVMe port P is 4420+P, iSCSI portal G is 3260+G. One blackhole and one delay at a time.
reset_conn() { ss -K dst 127.0.0.1 dport = "$1" >/dev/null 2>&1; }       # connections reset; the initiator reconnects
comes_from() { ss -Htn dst 127.0.0.1 dport = "$1" | sed -n 's/.*:\([0-9]\+\) .*:'"$1"'\b.*/\1/p'; }   # the port at the initiator's end of the connection there
rules() { modprobe nf_tables; nft add table inet lab; nft add chain inet lab in '{ type filter hook input priority 0; }'; }
blackhole() { rules; nft add rule inet lab in tcp dport "$1" drop; nft add rule inet lab in tcp sport "$1" drop; }   # silence: nothing answers, nothing errors
unreachable() { rules; nft add rule inet lab in tcp dport "$1" tcp flags syn reject with tcp reset; }   # connections are refused; what came through those that there are goes on
heal() { nft delete table inet lab; }
delay() { # PORT MS [sport]: what the host sends there arrives MS later; with sport what it sends from that port, and nothing else
  modprobe -a sch_netem sch_prio cls_u32; tc qdisc add dev lo root handle 1: prio bands 3 priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
  tc qdisc add dev lo parent 1:3 handle 30: netem delay "$2"ms limit 10000
  tc filter add dev lo protocol ip parent 1:0 prio 1 u32 match ip "${3:-dport}" "$1" 0xffff flowid 1:3; }
undelay() { tc qdisc del dev lo root; }

# The kernel's hardware handler of ALUA is given to disks that are found once its module is there, and kept by them. It takes some unit
# attentions to itself and repeats the command that met them, ours too: 29/00, 29/04, 2A/01, 2A/06, 2A/07, 3F/03 and 3F/0E.
without_handler() { echo 'install scsi_dh_alua /bin/true' >/etc/modprobe.d/mpath-lab.conf; }   # no disk that is found from here on has it
with_handler() { rm -f /etc/modprobe.d/mpath-lab.conf; modprobe scsi_dh_alua; }

# lio_unit NUMBER [SIZE_MB]: one logical unit, in the file /run/lunNUMBER.img.
lio_unit() {
  local mb=${2:-128} dev=$CORE/fileio_0/d$1 serial=11112222
  [ "$1" = 0 ] || serial=$(printf '2222%04d' "$1")
  modprobe -a sd_mod sg scsi_dh_alua target_core_mod target_core_file
  mkdir -p "$dev" /var/target/pr /var/target/alua; truncate -s "${mb}M" "/run/lun$1.img"
  echo "fd_dev_name=/run/lun$1.img,fd_dev_size=$((mb << 20))" >"$dev/control"; echo 1 >"$dev/enable"
  echo "$serial-3333-4444-5555-666677778888" >"$dev/wwn/vpd_unit_serial"
}
lio_id() { local s; s=$(sed 's/.*: //; s/-//g' "$CORE/fileio_0/d$1/wwn/vpd_unit_serial"); echo "naa.6001405${s:0:25}"; }   # NUMBER
lio_port() { # NUMBER GROUP TPGT-FOLDER: the unit behind that target port, in an ALUA group of its own (id 15+GROUP)
  local dev=$CORE/fileio_0/d$1
  mkdir "$dev/alua/tpg$2"; echo $((15 + $2)) >"$dev/alua/tpg$2/tg_pt_gp_id"
  mkdir -p "$3/lun/lun_$1"; lio_link "$@"
}
lio_link() { ln -s "$CORE/fileio_0/d$1" "$3/lun/lun_$1/d$1"; echo "tpg$2" >"$3/lun/lun_$1/alua_tg_pt_gp"; }   # the same: it is there, a local disk is found
lio_unlink() { rm "$3/lun/lun_$1/d$1"; }   # the same: it is there no more, and a local disk goes with it
# lio_up GROUPS [SIZE_MB]: one LU behind GROUPS local target ports (tcm_loop), GROUPS /dev/sdX.
lio_up() {
  local g had; lio_unit 0 "${2:-128}"; modprobe tcm_loop; mkdir -p "$LOOP"
  for g in $(seq "$1"); do
    had=$(count /dev/sd[a-z]); mkdir "$LOOP/tpgt_$g"; echo "naa.6001405bbbbbbbb$g" >"$LOOP/tpgt_$g/nexus"; lio_port 0 "$g" "$LOOP/tpgt_$g"
    await $((had + 1)) '/dev/sd[a-z]'   # one by one: disks are probed in parallel, and their names would be drawn by lot
  done
}
# lio_more NUMBER [SIZE_MB]: one more LU behind all the target ports that there are.
lio_more() {
  local folder; lio_unit "$@"
  for folder in "$LOOP"/tpgt_* "$ISCSI"/tpgt_[0-9]*; do [ ! -d "$folder" ] || lio_port "$1" "${folder##*_}" "$folder"; done
}
# lio_replace NUMBER FOLDER: behind that port the number stands from here on for a LU of another identity and with other data, zeroes, in
# the file /run/lun9NUMBER.img. Another port is given the same other one.
lio_replace() {
  local other=$CORE/fileio_0/d9$1 size; size=$(stat -c %s "/run/lun$1.img")
  if [ ! -d "$other" ]; then
    truncate -s "$size" "/run/lun9$1.img"
    mkdir "$other"; echo "fd_dev_name=/run/lun9$1.img,fd_dev_size=$size" >"$other/control"; echo 1 >"$other/enable"
    printf '9999%04d-3333-4444-5555-666677778888\n' "$1" >"$other/wwn/vpd_unit_serial"
  fi
  rm "$2/lun/lun_$1/d$1"; ln -s "$other" "$2/lun/lun_$1/d9$1"
}
# iscsi_up PORTALS [SIZE_MB]: the same LU over iSCSI, a portal on TCP port 3260+G for each group; then iscsi_login G. Groups are counted on
# from those of lio_up.
iscsi_up() {
  local g n from=0; [ -d "$CORE/fileio_0/d0" ] || lio_unit 0 "${2:-128}"
  [ ! -d "$LOOP" ] || from=$(count "$LOOP"/tpgt_*)
  modprobe -a iscsi_target_mod iscsi_tcp; mkdir -p "$ISCSI"
  for g in $(seq $((from + 1)) $((from + $1))); do
    mkdir "$ISCSI/tpgt_$g" "$ISCSI/tpgt_$g/np/127.0.0.1:$((3260 + g))"
    for n in "$CORE"/fileio_0/d[0-9]*; do lio_port "${n##*/d}" "$g" "$ISCSI/tpgt_$g"; done
    echo 0 >"$ISCSI/tpgt_$g/attrib/authentication"; echo 1 >"$ISCSI/tpgt_$g/attrib/generate_node_acls"
    echo 0 >"$ISCSI/tpgt_$g/attrib/demo_mode_write_protect"; echo 1 >"$ISCSI/tpgt_$g/attrib/cache_dynamic_acls"; echo 1 >"$ISCSI/tpgt_$g/enable"
  done
  mkdir -p /run/lock/iscsi /etc/iscsi /var/lib/iscsi; echo InitiatorName=iqn.2026-01.io.mpath:host >/etc/iscsi/initiatorname.iscsi
  iscsid; sleep 0.5
}
iscsi_of() { grep -lx "$1" /sys/class/iscsi_session/session*/tpgt | sed 's,/tpgt$,,'; }   # GROUP: its session in sysfs
iscsi_login() { # GROUP [IFACE]: one session, so one path; a dead connection is noticed after 4 s (never with PING=0), given up 1 s later
  local ping=${PING:-2} n=(-m node -T "$IQN" -p "127.0.0.1:$((3260 + $1)),$1" -I "${2:-default}") kv had; had=$(count /dev/sd[a-z])
  iscsiadm "${n[@]}" -o new >/dev/null
  for kv in session.timeo.replacement_timeout=1 "conn[0].timeo.noop_out_interval=$ping" "conn[0].timeo.noop_out_timeout=$ping"; do
    iscsiadm "${n[@]}" -o update -n "node.${kv%%=*}" -v "${kv#*=}"; done
  iscsiadm "${n[@]}" --login >/dev/null; await $((had + 1)) '/dev/sd[a-z]'
}
iscsi_login_as() { # GROUP HOST: the same as another host (initiator iqn.2026-01.io.mpath:HOST); its /dev/sdX comes last
  iscsiadm -m iface -I "$2" -o new >/dev/null; iscsiadm -m iface -I "$2" -o update -n iface.initiatorname -v "iqn.2026-01.io.mpath:$2" >/dev/null
  iscsiadm -m iface -I "$2" -o update -n iface.transport_name -v tcp >/dev/null
  iscsi_login "$1" "$2"; }
# alua GROUP 0 optimized|1 non-optimized|2 standby|3 unavailable: for all LUs, in turn
alua() { local unit; for unit in "$CORE"/fileio_0/d*/alua/"tpg$1"; do echo "$2" >"$unit/alua_access_state"; done; }
alua_delay() { local unit; for unit in "$CORE"/fileio_0/d*/alua/"tpg$1"; do echo "$2" >"$unit/trans_delay_msecs"; done; }   # GROUP MS: its next changes of state take so long; until then it is transitioning
link() { echo "$2" >"$LOOP/tpgt_$1/transport_status"; }                  # GROUP online|offline: the transport fails, the LU lives

# scsi_debug_up: two hosts that see one LU in two ALUA groups (one active/optimized, one not).
scsi_debug_up() { modprobe -a sd_mod sg scsi_dh_alua; modprobe scsi_debug dev_size_mb="${1:-64}" num_tgts=1 max_luns=1 vpd_use_hostno=0 add_host=2; await 2 '/dev/sd[a-z]'; }
sd_offline() { echo offline >"/sys/block/$1/device/state"; }
sd_running() { echo running >"/sys/block/$1/device/state"; }
sd_scan() { echo '- - -' >"/sys/class/scsi_host/host$1/scan"; }           # HOST: what was deleted comes back
sd_delete() { echo 1 >"/sys/block/$1/device/delete"; }                   # surprise removal

# No udev runs here: devtmpfs makes the nodes, a moment after the call that asked for them.
count() { local n=0 f; for f in "$@"; do [ ! -e "$f" ] || n=$((n + 1)); done; echo "$n"; }
await() { # N 'GLOB': until at least N such files exist
  # shellcheck disable=SC2086
  for _ in $(seq 100); do [ "$(count $2)" -lt "$1" ] || return 0; sleep 0.1; done
  echo "targets.sh: waited 10 s for $1 of $2" >&2; return 1; }
