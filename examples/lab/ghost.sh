# shellcheck shell=bash
# The story of a lost write, A, and of B, which is written to the same block once A is acknowledged: source this after targets.sh,
# check.sh and workload.sh, with LATE set. What the host sends to one port of the target arrives LATE ms later, and its end of that
# connection is reset as soon as A is on its way.
head -c 4096 /dev/zero | tr '\0' A >/run/A; head -c 4096 /dev/zero | tr '\0' B >/run/B
printf '%s\n' 'write 0 4k 0x41' 'write 0 4k 0x42' "wait $((LATE + 5000))" 'expect 0 4k 0x42' >/run/story
put() { dd if=/run/B of="$1" bs=4k count=1 oflag=direct conv=nocreat status=none; }   # DISK: writes B
holds() { dd if="$1" bs=4k count=1 iflag=direct status=none | head -c 1; }           # DISK: A or B

# When things happened, in ms; the medium is the target's own, below whatever a host could cache or send again.
now() { local up; read -r up _ </proc/uptime; echo "${up/./}0"; }
stamp() { echo "$(now) $1" >>/run/times; }
at() { awk -v what="$1" '$2 == what {at = $1} END {print at}' /run/times; }   # WHAT: its last time
after() { local t; t=$(at "$1"); echo $((t - $(at sent))); }                  # WHAT: ms after A was sent first
watch_medium() { # DISK or FILE; a file without a fork, for the emulated processors are slow
  local is was=''; mkfifo /run/tick; exec 6<>/run/tick; rm /run/tick
  while :; do
    if [ -b "$1" ]; then is=$(holds "$1"); else read -rN1 is <"$1"; fi
    [ "$is" = "$was" ] || stamp "medium:$is"; was=$is
    read -rt 0.1 -u 6 _ || true
  done
}
landed() { [ -n "$(at medium:A)" ] && [ "$(after medium:A)" -ge $((LATE - 2000)) ]; }   # A got there, and not by being sent again

begin() { # WHO DISK MEDIUM [PORT]: to which packets are late from here on
  who=$1; put "$2"; rm -f /run/times; dmesg --clear
  watch_medium "$3" & watcher=$!
  soon 20 "$who: B stands in the block" grep -q medium:B /run/times
  [ -z "${4:-}" ] || delay "$4" "$LATE"
}
in_network() { tc -s qdisc show dev lo | awk '/netem/ {late = 1} late && /backlog/ {exit $2 + 0 < 4096}'; }
lose_connection() { soon 180 "$who: A is on its way" in_network; stamp sent; reset_conn "$1" || true; }   # PORT; on 7.2 ss says that it failed, and has not
end() { kill "$watcher"; undelay; }

secs() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }
row() { show "$(printf '%-40s %9s %9s %9s   %s' "$@")"; }
outcome() { row "$who" "$(secs "$(after A)")" "$(secs "$(after medium:A)")" "$(secs "$(after B)")" "$1"; }
lost() { # DISK
  above "$who: ms from when B was acknowledged to when the late A landed" 0 $(($(at medium:A) - $(at B)))
  same "$who: the block that B was written to holds" A "$(holds "$1")"
  outcome "A: B is lost"
}

told() { grep -q "^line $1: done" "$io_err"; }
finish_story() { local status=0; wait "$io_pid" || status=$?; same "$who: exit status" "$1" $status; }
