# shellcheck shell=bash disable=SC2034,SC2154
# What compare-nvme and compare-scsi have in common: medians over the rounds, and the judgement. Ours passes if its longest I/O is not
# above 1.5 times the other's and its p99.9 not above 1.2 times. Where a write was of unknown outcome, which the kernel sends again at once
# and we hold first, the longest may take the hold on top. tests/lab-compare.sh is what keeps this judgement honest.

# What is compared is a process that has run for a while and has failed over before, not a cold one: faults are rehearsed within
# --ramp-time, code is compiled when a processor has nothing else to do (so that what wakes finds it idle), and no garbage is
# collected: it takes the emulated processors 130 ms, and half a minute of I/O makes 50 MB of it.
# Two at a time, as many as there are processors: eight keep these busy, and then it is compared what an I/O costs an emulated processor
# (with ours the median was 1.1 to 1.35 times the kernel's), and not what a failover costs an I/O.
OPTIONS=(--depth 2 --size 8m)
JVM_OPTIONS=(-XX:ThreadPriorityPolicy=1 -XX:JavaPriority5_To_OSPriority=10 -XX:CompilerThreadPriority=19 -XX:-UseDynamicNumberOfCompilerThreads -Xmn512m)

# begin RAMP SECONDS NAME NSID OPTION...: as start; in the first seconds nothing is measured, in those after them it is.
begin() { ramp=$1; start "${@:3}" "${OPTIONS[@]}" --ramp-time "${ramp}s" --time "$(($1 + $2))s"; }
# measured NAME FAULT [ARG]: waits until the ramp is over, which the rehearsal must have been before.
measured() { # I/O flowed at $flowed_at
  local over=$((flowed_at + ramp * 1000000 + 500000)) task name compilers=0
  for task in "/proc/${pid[$1]}/task"/*; do
    if { read -r name <"$task/comm"; } 2>/dev/null && [[ $name == C[12]\ Comp* ]]; then chrt --idle --pid 0 "${task##*/}"; compilers=$((compilers + 1)); fi
  done
  ((compilers)) || fail "$1: no compiler among its threads"
  ((${EPOCHREALTIME/./} < over)) || fail "$1: the rehearsal took longer than $ramp s"
  while ((${EPOCHREALTIME/./} < over)); do pause 0.2; done
  "${@:2}"
}
# reset_aside TCP-PORT: as reset_conn, of a lower rank than what is measured
reset_aside() { nice -n 19 ss -K dst 127.0.0.1 dport = "$1" >/dev/null 2>&1 || true; }
# over NAME: once the fault is, it ends by itself. Told to, it would be measured while its JVM does what one does that is told to: that
# takes the emulated processors 150 ms. Since when it was measured, and how long a write may be held, $hold_ms, is noted beside what came of it.
over() {
  alive "$1" 'the fault'; wait "${pid[$1]}" || fail "$1: $(tail -n 3 "$LAB_OUT/$1.err")"; running=()
  jq --argjson ramp "$ramp" --argjson hold "$hold_ms" '.ramp_ms = $ramp * 1000 | .hold_ms = $hold' "$LAB_OUT/$1.json" >/run/noted; cp /run/noted "$LAB_OUT/$1.json"
}

# figures FILE...: a line for each run. A file is …/ROUND/SIDE/RUN.json. Those of our rounds in which a write was of unknown
# outcome are a row of their own. One or two rounds have no median: the worst is judged. A round of ours whose requests the fault did not
# meet is no round.
figures() {
  # shellcheck disable=SC2016
  jq -rn '
    def median(f): map(f) | sort | .[(length - 1) / 2 | floor];
    def judged(f): if length < 3 then map(f) | max else median(f) end;
    [inputs | {side: (input_filename | split("/") | .[-2]), run: (input_filename | split("/") | .[-1] | rtrimstr(".json")), errors, held, hold_ms, requests,
               met: (.ramp_ms as $ramp | any(.events[]; .at_ms > $ramp and (.what | test("failed \\([0-9]|lost writes, held")))), max: (.latency_us.max / 1000), p999: (.latency_us.p999 / 1000), p50: (.latency_us.p50 / 1000)}]
    | group_by(.run)[] | map(select(.side != "mpath")) as $k | map(select(.side == "mpath")) | group_by(.held > 0)[] as $o
    | ($o[0].held > 0) as $held
    | {max: ($o | judged(.max)), p999: ($o | judged(.p999)), p50: ($o | judged(.p50))} as $ours
    | {max: ($k | median(.max)), p999: ($k | median(.p999)), p50: ($k | median(.p50))} as $theirs
    | ($ours.max <= 1.5 * $theirs.max + (if $held then $o[0].hold_ms else 0 end) and $ours.p999 <= 1.2 * $theirs.p999) as $good
    | [$o[0].run, $ours.max, $theirs.max, $ours.max / $theirs.max, $ours.p999, $theirs.p999, $ours.p999 / $theirs.p999, $ours.p50, $theirs.p50,
       ($o | length), ($o | median(.requests)),
       (if any($o[], $k[]; .errors > 0) then "ERRORS" elif any($o[]; .met | not) then "UNMET" elif $good | not then "SLOWER" elif $held then "held" else "ok" end),
       ($o | map(.max | floor | tostring) | join(" ")), ($k | map(.max | floor | tostring) | join(" "))] | @tsv' "$@"
}

# verdict OTHER FOLDER: prints the table, leaves it in the folder, and fails if a row does.
verdict() {
  local row='%-20s %9s %9s %6s   %9s %9s %6s   %7s %7s  %6s %8s  %-7s %s\n' run a b c d e f g h rounds requests word all others
  figures "$2"/*/*/*.json >"$2/figures"
  # shellcheck disable=SC2059
  { printf "$row" ms longest "$1" ratio p99.9 "$1" ratio p50 "$1" rounds requests '' "longest of each round / of $1"
    while IFS=$'\t' read -r run a b c d e f g h rounds requests word all others; do
      printf "$row" "$run" "$(printf %.1f "$a")" "$(printf %.1f "$b")" "$(printf %.2f "$c")" "$(printf %.1f "$d")" "$(printf %.1f "$e")" "$(printf %.2f "$f")" \
        "$(printf %.2f "$g")" "$(printf %.2f "$h")" "$rounds" "$requests" "$word" "$all / $others"
    done <"$2/figures"; } | tee "$2/table"
  ! grep -qE 'SLOWER|ERRORS|UNMET' "$2/table"
}
