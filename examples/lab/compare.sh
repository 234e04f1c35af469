# shellcheck shell=bash disable=SC2034,SC2154
# What compare-nvme and compare-scsi have in common: medians over the rounds, and the judgement. Ours passes if its longest I/O is not
# above 1.5 times the other's and its p99.9 not above 1.2 times: for reads always, for writes where none was of unknown outcome. The
# kernel sends such a one again at once; we hold it first, and it may take the hold on top.

# What is compared is a process that has run for a while and has failed over before, not a cold one: faults are rehearsed within
# --ramp-time, code is compiled soon, and no garbage is collected for want of a few megabytes.
OPTIONS=(--depth 8 --size 8m --time 900s) JVM_OPTIONS=(-XX:CompileThresholdScaling=0.1 -Xmn64m)

# begin NAME NSID RAMP OPTION...: as start, with so many seconds in which nothing is measured.
begin() {
  local name=$1 nsid=$2; ramp=$3; shift 3
  began=${EPOCHREALTIME/./}; start "$name" "$nsid" "$@" "${OPTIONS[@]}" --ramp-time "${ramp}s"
}
# measured NAME FAULT: waits until the ramp is over, which the rehearsal must have been before; notes when the fault came.
measured() { # I/O flowed at $flowed_at
  local over=$((flowed_at + ramp * 1000000 + 500000))
  ((${EPOCHREALTIME/./} < over)) || fail "$1: the rehearsal took longer than $ramp s"
  while ((${EPOCHREALTIME/./} < over)); do sleep 0.2; done
  fault_ms=$(((${EPOCHREALTIME/./} - began) / 1000)); "$2"
}
# noted NAME: when the fault came, beside what came of it.
noted() { jq --argjson at "$fault_ms" '.fault_ms = $at' "$LAB_OUT/$1.json" >/run/noted; cp /run/noted "$LAB_OUT/$1.json"; }

# figures HOLD-MS FILE...: a line for each run. A file is …/ROUND/SIDE/RUN.json. Those of our rounds in which a write was of unknown
# outcome are a row of their own. A round of ours whose requests the fault did not meet is no round.
figures() {
  local hold=$1; shift
  # shellcheck disable=SC2016
  jq -rn --argjson hold "$hold" '
    def median(f): map(f) | sort | .[(length - 1) / 2 | floor];
    [inputs | {side: (input_filename | split("/") | .[-2]), run: (input_filename | split("/") | .[-1] | rtrimstr(".json")), errors, held, requests,
               met: (.fault_ms as $at | any(.events[]; .at_ms > $at - 1000 and (.what | test("failed \\([0-9]|lost writes, held")))), max: (.latency_us.max / 1000), p999: (.latency_us.p999 / 1000), p50: (.latency_us.p50 / 1000)}]
    | group_by(.run)[] | map(select(.side != "mpath")) as $k | map(select(.side == "mpath")) | group_by(.held > 0)[] as $o
    | ($o[0].held > 0) as $held
    | {max: ($o | median(.max)), p999: ($o | median(.p999)), p50: ($o | median(.p50))} as $ours
    | {max: ($k | median(.max)), p999: ($k | median(.p999)), p50: ($k | median(.p50))} as $theirs
    | (if $held then $ours.max <= 1.5 * $theirs.max + $hold else $ours.max <= 1.5 * $theirs.max and $ours.p999 <= 1.2 * $theirs.p999 end) as $good
    | [$o[0].run, $ours.max, $theirs.max, $ours.max / $theirs.max, $ours.p999, $theirs.p999, $ours.p999 / $theirs.p999, $ours.p50, $theirs.p50,
       ($o | length), ($o | median(.requests)),
       (if any($o[], $k[]; .errors > 0) then "ERRORS" elif any($o[]; .met | not) then "UNMET" elif $good | not then "SLOWER" elif $held then "held" else "ok" end),
       ($o | map(.max | floor | tostring) | join(" ")), ($k | map(.max | floor | tostring) | join(" "))] | @tsv' "$@"
}

# verdict OTHER HOLD-MS FOLDER: prints the table, leaves it in the folder, and fails if a row does.
verdict() {
  local row='%-18s %9s %9s %6s   %9s %9s %6s   %7s %7s  %6s %8s  %-7s %s\n' run a b c d e f g h rounds requests word all others
  figures "$2" "$3"/*/*/*.json >"$3/figures"
  # shellcheck disable=SC2059
  { printf "$row" ms longest "$1" ratio p99.9 "$1" ratio p50 "$1" rounds requests '' "longest of each round / of $1"
    while IFS=$'\t' read -r run a b c d e f g h rounds requests word all others; do
      printf "$row" "$run" "$(printf %.1f "$a")" "$(printf %.1f "$b")" "$(printf %.2f "$c")" "$(printf %.1f "$d")" "$(printf %.1f "$e")" "$(printf %.2f "$f")" \
        "$(printf %.2f "$g")" "$(printf %.2f "$h")" "$rounds" "$requests" "$word" "$all / $others"
    done <"$3/figures"; } | tee "$3/table"
  ! grep -qE 'SLOWER|ERRORS|UNMET' "$3/table"
}
