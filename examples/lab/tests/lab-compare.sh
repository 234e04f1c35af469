#!/bin/bash
# kernel: none
# timeout: 60
# The control of compare-nvme and compare-scsi: what their judgement makes of rounds that are good, slow, wrong, or no rounds at all.
cd "$(dirname "$0")/.."; . ./check.sh; . ./compare.sh
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# judged WORD... WHAT OURS THEIRS: of five rounds, with ours and theirs edited so by jq, in which $round is known; a word for each row.
# As they are, the other's longest is 16 ms and its p99.9 4 ms, and ours are the same.
judged() {
  local words=("${@:1:$#-3}") what=${*: -3:1} ours=${*: -2:1} theirs=${*: -1} round status=0 wanted=0
  rm -rf "$work/case"
  for round in 1 2 3 4 5; do
    mkdir -p "$work/case/$round/mpath" "$work/case/$round/dm"
    noted $round "$ours" >"$work/case/$round/mpath/link-write.json"; noted $round "$theirs" >"$work/case/$round/dm/link-write.json"
  done
  verdict dm "$work/case" >"$work/said" || status=$?
  same "$what" "${words[*]}" "$(cut -f 12 "$work/case/figures" | xargs)"
  [[ "${words[*]}" =~ ^((ok|held)\ ?)+$ ]] || wanted=1
  same "$what: the status" $wanted $status
}
noted() { # ROUND EDIT
  jq -n --argjson round "$1" '{errors: 0, held: 0, requests: 20000, ramp_ms: 12000, hold_ms: 10000, latency_us: {p50: 250, p999: 4000, max: 16000},
    events: [{at_ms: 5000, what: "/dev/sda: failed (1 of 2 paths left)"}, {at_ms: 13000, what: "/dev/sda: failed (1 of 2 paths left)"}]} | '"$2"
}
judged ok 'as good as the other' . .
judged ok 'a longest of 1.5 times' '.latency_us.max = 24000' .
judged SLOWER 'a longest above that' '.latency_us.max = 24100' .
judged ok 'a p99.9 of 1.2 times' '.latency_us.p999 = 4800' .
judged SLOWER 'a p99.9 above that' '.latency_us.p999 = 4900' .
judged ok 'two bad rounds of five' 'if $round < 3 then .latency_us = {p50: 900, p999: 90000, max: 900000} else . end' .
judged SLOWER 'three bad rounds of five' 'if $round < 4 then .latency_us.max = 900000 else . end' .
judged SLOWER 'two good rounds of five by the other' . 'if $round > 3 then .latency_us.max = 900000 else .latency_us.max = 10000 end'
judged ERRORS 'an error of ours' '.errors = if $round == 5 then 1 else 0 end' .
judged ERRORS 'an error of the other' . '.errors = if $round == 1 then 1 else 0 end'
judged UNMET 'a round that the fault did not meet' 'if $round == 2 then .events = [] else . end' .
judged UNMET 'a round that only its rehearsal met' 'if $round == 2 then .events |= .[:1] else . end' .
judged held 'a write that is held' '.held = 1 | .latency_us.max = 10024000' .
judged SLOWER 'a write that is held longer than the hold allows' '.held = 1 | .latency_us.max = 10025000' .
judged SLOWER 'a write that is held longer than its own hold' '.held = 1 | .hold_ms = 5000 | .latency_us.max = 10016000' .
judged SLOWER 'a p99.9 above 1.2 times beside a write that is held' '.held = 1 | .latency_us.max = 10016000 | .latency_us.p999 = 4900' .
judged ok held 'writes held in two rounds of five' 'if $round < 3 then .held = 1 | .latency_us.max = 10016000 else . end' .
judged ok SLOWER 'held too long in one of two rounds' 'if $round < 3 then .held = 1 | .latency_us.max = 10000000 * $round else . end' .
judged SLOWER held 'slow in the rounds without one' 'if $round < 3 then .held = 1 | .latency_us.max = 10016000 else .latency_us.max = 30000 end' .
