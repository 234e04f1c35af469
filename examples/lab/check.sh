# shellcheck shell=bash
# What a lab test asserts with: source this first, in the guest after targets.sh. The first broken one ends the test.
set -euo pipefail
fail() { echo "FAILED: $*"; exit 1; }
ok() { echo "ok: $*"; }
same() { [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"; ok "$1: $2"; }            # WHAT WANTED GOT
above() { [ "$3" -gt "$2" ] || fail "$1: wanted more than $2, got $3"; ok "$1: $3"; }    # WHAT BOUND GOT
refused() { ! "${@:2}" >/dev/null 2>&1 || fail "$1: it was not refused"; ok "$1"; }     # WHAT COMMAND...
json() { # FILE FILTER WHAT: jq's FILTER must be true of the document
  jq -e "$2" "$1" >/dev/null || { cat "$1"; fail "$3: not ($2)"; }; ok "$3: $2"; }
# pause SECONDS: without a process of its own, which takes more of an emulated processor than the I/O that is measured meanwhile.
never=$(mktemp -u); mkfifo "$never"; exec 7<>"$never"; rm "$never"
pause() { read -rt "$1" -u 7 || true; }
# soon SECONDS WHAT COMMAND...: the command must come true within that time
soon() { local end=$((SECONDS + $1)); while ! "${@:3}" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || fail "$2: not within $1 s"; pause 0.2; done; ok "$2"; }
show() { echo "shown: $*"; }                                                            # run prints it, also when the test is green
