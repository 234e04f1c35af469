# shellcheck shell=bash disable=SC2154
# Persistent reservations as mpath has them and as others read and write them: source this after targets.sh, check.sh, workload.sh and
# nvme.sh (and scsi.sh). device: what mpath is given, an identity or --path NODE for each. This host has the keys 0xa and 0xc, a foreign
# one has 0xb.
device=() asked=0

# reserve STATUS ACTION OPTION...: mpath reserve, which must exit with that status; what it said is in the file $said.
reserve() {
  local wanted=$1 status=0; shift; asked=$((asked + 1)); said=$LAB_OUT/reserve-$asked.json
  (RANK=0 mpath reserve "${device[@]}" "$@" --json) >"$said" 2>"$said.err" || status=$?
  [ "$status" = "$wanted" ] || { cat "$said" "$said.err"; fail "mpath reserve $*: exit status $status, wanted $wanted"; }
  ok "mpath reserve $*: $(jq -r '.text // "generation \(.generation)"' "$said")"
}

# SCSI, by sg_persist. A unit attention is told in the place of an answer, once: what it is told to was not carried out.
pr() { sg_persist -n "$@" 2>/run/pr.err || sg_persist -n "$@"; }
keys() { pr --in --read-keys "$1" | awk '$1 ~ /^0x/ {n[$1]++} END {for (key in n) print n[key] "x" key}' | sort | xargs; }   # DISK: 4x0xa, for example
reservation() { pr --in --read-reservation "$1" | awk '/Key=/ {sub(/.*Key=/, ""); key = $1} /type:/ {sub(/.*type: /, ""); type = $0} END {print key ? key " " type : "none"}'; }
# DISK: the local ports whose nexuses are registered, and with a star the one that holds the reservation.
nexuses() { pr --in --read-full-status "$1" | awk '/Key=/ {star = ""} /<< Reservation holder >>/ {star = "*"} /SAS address:/ {print substr($NF, length($NF)) star}' | sort | xargs; }
holder() { nexuses "$1" | grep -o '[0-9]\*' | tr -d '*'; }

# NVMe, by nvme-cli: RTYPE and the keys as numbers, with a star who holds the reservation.
status() { nvme resv-report "$1" --eds --output-format=json; }   # DISK
registrants() { status "$1" | jq -r '[.regctlext[] | "\(.rkey)" + (if .rcsts % 2 == 1 then "*" else "" end)] | sort | join(" ")'; }
type_of() { status "$1" | jq .rtype; }

# Every read or write that meets a reservation conflict, by the kernel's own trace; mpath may send them again where nobody sees it. A
# SCSI path's check reads one block of 512 bytes, also before the path is registered: that is no I/O.
trace_conflicts() { # EVENT FILTER
  echo "$2" >"$TRACE/events/$1/filter"; echo 1 >"$TRACE/events/$1/enable"
}
trace_scsi_conflicts() { trace_conflicts scsi/scsi_dispatch_cmd_done 'result == 0x18 && (opcode == 0x28 || opcode == 0x2a || opcode == 0x88 || opcode == 0x8a)'; }
trace_nvme_conflicts() { trace_conflicts nvme/nvme_complete_rq 'qid > 0 && (status == 0x83 || status == 0x2083 || status == 0x4083 || status == 0x6083)'; }
conflicts() { grep -v '^#' $TRACE/trace | grep -v ' txlen=1 ' | grep -c "${1:-: }" || true; }   # [WHERE]: how many there were
no_conflict() { same "$1: I/O that met a reservation conflict" 0 "$(conflicts)"; }
met() { [ "$(conflicts "$1")" -gt 20 ]; }   # WHERE: more than a path's checks are

# loser NAME KEY CUT: what a workload says whose host was preempted: it had no error before, then nothing but the conflict; and no path is
# blamed for that, but perhaps the one that was cut.
loser() {
  json "$LAB_OUT/$1.json" '.errors > 0 and .miscompares == 0 and (.first_errors | length > 0 and all(test("conflict"; "i")))' "$1: its one kind of error"
  json "$LAB_OUT/$1.json" '[.events[] | select(.what | test("registration with key '"$2"' lost"))] | length == 1' "$1: it is told, once"
  json "$LAB_OUT/$1.json" '(.events | map(.what | test("registration with key .* lost")) | index(true)) as $lost
    | .events[$lost:] | all((.path == "'"$3"'") or (.what | test("failed \\([0-9]+\\)|marginal|liveness|contradicts|removed") | not))' "$1: no path is blamed"
}

# conformance TARGET OPTION...: the suite of rules, through the paths of two hosts, comes to its end and finds nothing that is not known.
conformance() {
  local target=$1; shift
  reserve 0 conformance --destroy-reservations "$@"
  jq -r '.results[] | select(.result != "pass") | "\(.result) \(.id): \(.detail)"' "$said"
  json "$said" '.passed and .stopped == null and ([.results[] | select(.result == "pass")] | length) > 20' "$target: the suite"
  show "$(uname -r), $target: $(jq -r '[.results[].result] | group_by(.) | map("\(length) \(.[0])") | join(", ")' "$said")"
}
