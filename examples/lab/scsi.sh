# shellcheck shell=bash disable=SC2034,SC2154
# Several `mpath io` at once, each on a SCSI logical unit of its own that all ports lead to: source this after targets.sh, check.sh,
# workload.sh and nvme.sh, whose phases and judgement it shares. Which path carried what is the kernel's own trace of completed
# commands, by host, target and LUN: only reads and writes that succeeded count, not what asks a path how it is.
count_commands() {   # from here on
  [ -e $TRACE/events ] || mount -t tracefs none $TRACE
  echo 'hist:keys=host_no,id,lun:size=1024 if result == 0 && (opcode == 0x28 || opcode == 0x2a || opcode == 0x88 || opcode == 0x8a)' >$TRACE/events/scsi/scsi_dispatch_cmd_done/trigger
}
look() { # carried[HOST.TARGET.LUN]: without a fork, for the emulated processors are scarce
  local words
  while read -ra words; do
    [ "${words[1]:-}" != host_no: ] || carried[${words[2]%,}.${words[4]%,}.${words[6]}]=${words[9]}
  done <$TRACE/events/scsi/scsi_dispatch_cmd_done/hist
}
map_disks() { # disk_at[PORT.LUN]: what stands for it in carried
  local p name; disk_at=()
  for p in "${!ctrl[@]}"; do for name in "${running[@]}"; do disk_at[$p.${nsid[$name]}]=${ctrl[$p]}.${nsid[$name]}; done; done
}
# Ports are numbered as their groups are. One is known by the host and the target that it is on this side.
port_local() { local p host=("$TCM_LOOP"/host*); for p in "$@"; do ctrl[$p]=${host[0]##*/host}.$p; done; }
port_iscsi() { # PORT...: logs in
  local p session host; for p in "$@"; do
    [ -n "$(iscsi_of "$p" 2>/dev/null)" ] || iscsi_login "$p"
    session=$(realpath "$(iscsi_of "$p")"); host=${session%%/session*}; ctrl[$p]=${host##*/host}.0
  done
}
TCM_LOOP=/sys/devices/tcm_loop_0/tcm_loop_adapter_0
disks_of() { local d; for d in /sys/class/scsi_disk/"${ctrl[$1]/./:0:}":*; do basename "$d"/device/block/*; done; }   # PORT: sda …
session_lost() { # PORT: since the kernel's log was cleared; the state alone is another one again within a second or two
  local session; session=$(basename "$(iscsi_of "$1")"); dmesg | grep "connection${session#session}:0: detected conn error"
}
handled() { local d; for d in $(disks_of "$1"); do same "the handler of $d, port $1" "$2" "$(<"/sys/block/$d/device/dh_state")"; done; }   # PORT alua|detached
untouched() { # NUMBER: nothing was written to the unit that replaced it
  cmp -n "$(stat -c %s "/run/lun9$1.img")" "/run/lun9$1.img" /dev/zero || fail "unit $1 was replaced, and what was meant for it written to the other one"
  ok "nothing was written to the unit that replaced unit $1"; }
session_is() { [ "$(cat "$(iscsi_of "$1")/state")" = "$2" ]; }   # PORT STATE
