# shellcheck shell=bash
# `mpath io` as a workload under fire: source this after targets.sh and check.sh. What a path carried is what the kernel
# counts on its disk, never what the program says of itself.
: "${LAB_OUT:=/run}"
disks=(nvme0n1 nvme1n1)
# Emulated processors are scarce: a workload of the same rank as the script would starve it, and each phase would last long
# (RANK=0 for a program that waits more than it works).
# What a crash of the JVM leaves must outlive the guest. The classes come parsed (see run): a third of the time that it takes to start.
# The emulator trips over code that is patched while another processor runs it, and is slow whenever code is patched: so one compiler,
# the one that patches less, and no inline caches: without them one measurement did twice as much I/O.
jar=$(realpath ../target/mpath.jar)
program() { # OPTION OF java...
  exec nice -n "${RANK:-15}" java "${JVM_OPTIONS[@]}" -XX:TieredStopAtLevel=1 -XX:-UseInlineCaches -XX:+UseSerialGC -XX:SharedArchiveFile="${jar%.jar}.jsa" -XX:ErrorFile="$LAB_OUT/hs_err_%p.log" "$@"
}
mpath() { program -jar "$jar" "$@"; }

declare -A seen
total=0
look() { # seen[DISK], total: the reads and writes that the kernel has completed on each disk, and on all (without a fork: see above)
  local disk stat; total=0
  for disk in "${disks[@]}"; do read -ra stat <"/sys/block/$disk/stat"; seen[$disk]=$((stat[0] + stat[4])); total=$((total + stat[0] + stat[4])); done
}

# start_io NAME OPTION...: in the background; its JSON goes to $LAB_OUT/NAME.json. Returns once I/O flows.
start_io() {
  local name=$1 from; shift; io_json=$LAB_OUT/$name.json; io_err=$LAB_OUT/$name.err; look; from=$total
  mpath io "$@" --json >"$io_json" 2>"$io_err" & io_pid=$!
  soon 120 "$name: I/O flows" flowing "$from"
}
flowing() { look; ((total > $1 + 200)) || ! io_runs; }
io_runs() { kill -0 "$io_pid" 2>/dev/null; }

# carried PHASE DISK...: within 10 s there is a second in which each of these disks carries a fair share of what all carry
# together: a tenth, so that a path that only answers the probes of a path checker does not count.
carried() {
  local phase=$1 second disk before missing; shift; declare -A was
  for second in 1 2 3 4 5 6 7 8 9 10; do
    look; before=$total; for disk in "${disks[@]}"; do was[$disk]=${seen[$disk]}; done
    sleep 1
    look; total=$((total - before)) missing=''
    for disk in "$@"; do ((seen[$disk] - was[$disk] > total / 10)) || missing+=" $disk"; done
    if ((total >= 40)) && [ -z "$missing" ]; then break; fi
  done
  io_runs || { tail -n 5 "$io_err"; fail "$phase: the workload had ended"; }
  ((total >= 40)) || fail "$phase: $total I/Os in a second"
  [ -z "$missing" ] || fail "$phase: carried no I/O:$missing (of $total in a second)"
  ok "$phase: ${*:-some path} carried its share of $total in second $second"
}
# silent PHASE DISK: within 6 s there is a second in which this disk completes next to nothing: it is left alone.
silent() {
  local second before was
  for second in 1 2 3 4 5 6; do
    look; before=$total was=${seen[$2]}; sleep 1; look
    ((seen[$2] - was > (total - before) / 20)) || break
  done
  ((seen[$2] - was <= (total - before) / 20)) || fail "$1: $2 is still given I/O"
  ok "$1: $2 is left alone from second $second on"
}

# finish_io STATUS: the workload is told to end early, reads back what it wrote, and exits with that status.
finish_io() {
  local status=0; kill -TERM "$io_pid"; wait "$io_pid" || status=$?
  [ "$status" = "$1" ] || { tail -n 20 "$io_err"; cat "$io_json"; fail "exit status $status, wanted $1"; }
  jq -cM 'del(.events)' "$io_json"
}
