# shellcheck shell=bash
# Several `mpath io` at once, each on a namespace of its own that all ports lead to, so that one fault meets every policy: source
# this after targets.sh, check.sh and workload.sh. Which path carried what is the kernel's own trace of completed commands: it
# does not count passthrough I/O in a disk's stat. A workload without numa in its name uses all paths of the best state.
TRACE=/sys/kernel/tracing
declare -A carried=() before=() pid=() nsid=() ctrl=() disk_at=()
running=()

count_commands() {   # from here on: commands on I/O queues that succeeded, by disk
  [ -e $TRACE/events ] || mount -t tracefs none $TRACE
  echo 'hist:keys=disk if qid > 0 && status == 0' >$TRACE/events/nvme/nvme_complete_rq/trigger
}
look() { # carried[DISK]: without a fork, for the emulated processors are scarce
  local key disk n
  while read -r _ key disk _ _ n; do [ "$key" != disk: ] || carried[$disk]=$n; done <$TRACE/events/nvme/nvme_complete_rq/hist
}
# disk_at[PORT.NSID]: the kernel numbers the disks of a controller as it finds them, not by their NSID.
map_disks() {
  local p d n; disk_at=()
  for p in "${!ctrl[@]}"; do for d in "/sys/class/nvme/${ctrl[$p]}/${ctrl[$p]}"n*; do
    { read -r n <"$d/nsid"; } 2>/dev/null && disk_at[$p.$n]=${d##*/} || true
  done; done
}
connect() { # PORT...: with a keep-alive time-out of 5 s, so a lost write is held for 15 s
  local p
  for p in "$@"; do nvme_connect "$p" -l 60 -c 1; ctrl[$p]=$(nvme_of "$p"); done
}

start() { # NAME NSID OPTION...: in the background; its JSON goes to $LAB_OUT/NAME.json
  local name=$1; nsid[$name]=$2; shift 2
  mpath io "$@" --json >"$LAB_OUT/$name.json" 2>"$LAB_OUT/$name.err" & pid[$name]=$!
  running+=("$name")
}
flow() { soon 180 "I/O of ${running[*]} flows" flowing; }
flowing() {
  local name p n; look; map_disks
  for name in "${running[@]}"; do
    alive "$name" "its beginning"; n=0; for p in "${!ctrl[@]}"; do n=$((n + ${carried[${disk_at[$p.${nsid[$name]}]:-none}]:-0})); done
    ((n > 100)) || return 1
  done
}
alive() { kill -0 "${pid[$1]}" 2>/dev/null || { tail -n 5 "$LAB_OUT/$1.err"; fail "$2: $1 had ended"; }; }

# serve PHASE PORT...: within PATIENCE (40) seconds there is a second in which every workload is served by these ports and by no other: by one of
# them if its policy is numa (over TCP no path is nearer), else by each with a fair share. What path checks read is no share.
serve() {
  local phase=$1 second name wrong disk; shift
  for ((second = 1; second <= ${PATIENCE:-40}; second++)); do
    look; map_disks; for disk in "${!carried[@]}"; do before[$disk]=${carried[$disk]}; done
    sleep 1; look; wrong=''
    for name in "${running[@]}"; do judge "$name" "$@"; done
    [ -n "$wrong" ] || break
  done
  for name in "${running[@]}"; do alive "$name" "$phase"; done
  [ -z "$wrong" ] || { stories; fail "$phase:$wrong"; }
  ok "$phase: served by port $* in second $second"
}
judge() { # NAME PORT...: adds to $wrong what is
  local name=$1 n p port all=0 idle='' busy='' stray=''; shift
  local -A did=()
  for p in "${!ctrl[@]}"; do
    disk=${disk_at[$p.${nsid[$name]}]:-none}; did[$p]=$((${carried[$disk]:-0} - ${before[$disk]:-0})); all=$((all + did[$p]))
  done
  for p in "${!ctrl[@]}"; do
    n=${did[$p]}
    for port in "$@" none; do [ "$port" != "$p" ] || break; done
    if [ "$port" = none ]; then ((n <= all / 20)) || stray+=" $p"
    elif ((n > all / 12)); then busy+=" $p"; else idle+=" $p"; fi
  done
  if ((all < 10)); then wrong+=" $name did $all I/Os in a second;"
  elif [ -n "$stray" ]; then wrong+=" $name is still served by port$stray;"
  elif [[ $name == numa* ]]; then [ "$(wc -w <<<"$busy")" = 1 ] || wrong+=" $name is served by port${busy:- -};"
  elif [ -n "$idle" ]; then wrong+=" $name is not served by port$idle;"; fi
}
stories() { # what each saw, for whoever has to find out
  local name; kill -TERM "${pid[@]}" || true; wait "${pid[@]}" || true
  for name in "${running[@]}"; do echo "$name:"; tail -n 15 "$LAB_OUT/$name.err"; jq -r '.events[-20:][] | "\(.at_ms) \(.what)"' "$LAB_OUT/$name.json" || true; done
}
stalled() { # PHASE SECONDS: soon no workload is served for that long
  local disk name n idle=0 second
  look; for ((second = 1; second <= $2 + 15 && idle < $2; second++)); do
    for disk in "${!carried[@]}"; do before[$disk]=${carried[$disk]}; done
    sleep 1; look; n=0; for disk in "${!carried[@]}"; do n=$((n + ${carried[$disk]} - ${before[$disk]:-0})); done
    idle=$((n == 0 ? idle + 1 : 0))
  done
  for name in "${running[@]}"; do alive "$name" "$1"; done
  same "$1: seconds without I/O" "$2" $idle
}
ended() { [ "$(<"/sys/class/nvme/${ctrl[$1]}/state")" != live ]; }   # PORT
reconnected() { dmesg | grep "${ctrl[$1]}: Successfully reconnected"; }   # PORT

# clean STATE...: what each policy's workload says of itself in the end: no error, no miscompare, and that it saw these states.
clean() {
  local name state
  for name in numa round-robin queue-depth; do
    json "$LAB_OUT/$name.json" '.policy == "'$name'" and .errors == 0 and .miscompares == 0 and .failovers > 0 and .requests > 1000 and .read_back > 0' $name
    for state in "$@"; do json "$LAB_OUT/$name.json" 'any(.events[]; .what | test("'"$state"'"))' "$name saw"; done
  done
  show "$(uname -r): all phases in $SECONDS s, p99.9 and longest I/O in ms:" "$(jq -r '"\(.policy) \(.latency_us.p999 / 1000 | floor) \(.latency_us.max / 1000 | floor), \(.held) writes held;"' "$LAB_OUT"/{numa,round-robin,queue-depth}.json | tr '\n' ' ')"
}

# bounded NAME: its wait for a path is 5 s: it had waited so long, once, before it told an error; and told no other.
bounded() {
  json "$LAB_OUT/$1.json" '.errors > 0 and .requests > 100 and all(.first_errors[]; test("no path: no path was usable for queue:PT5S"))' "$1: its one kind of error"
  json "$LAB_OUT/$1.json" '[.events[] | select(.what | test("state "))] | map(select(.what | test("waiting -> failed"))) as $over | ($over | length) == 1
    and ($over[0].at_ms - (map(select(.at_ms < $over[0].at_ms and (.what | test("-> waiting")))) | last | .at_ms) | . > 4900 and . < 8000)' "$1: after a wait of 5 s"
}

# finish NAME STATUS: it is told to end early, reads back what it wrote, and exits with that status.
finish() {
  local status=0 name others=(); for name in "${running[@]}"; do [ "$name" = "$1" ] || others+=("$name"); done; running=("${others[@]}")
  kill -TERM "${pid[$1]}"; wait "${pid[$1]}" || status=$?
  [ "$status" = "$2" ] || { tail -n 20 "$LAB_OUT/$1.err"; cat "$LAB_OUT/$1.json"; fail "$1: exit status $status, wanted $2"; }
  jq -cM 'del(.events)' "$LAB_OUT/$1.json"
}
