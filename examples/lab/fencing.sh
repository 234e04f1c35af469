# shellcheck shell=bash disable=SC2154
# The example of two processes that fence each other, in the guest: source this after targets.sh, check.sh and workload.sh. It starts
# the two by itself, so that what JVMs need here is told to all by their environment.
fencing() { # TARGET NODES-OF-A NODES-OF-B OPTION...
  local target=$1 a=$2 b=$3 log=$LAB_OUT/fencing.log status=0; shift 3
  JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:-UseInlineCaches -XX:+UseSerialGC" \
    java -cp "$jar" io.mpath.examples.fence.Fencing --host-a "$a" --host-b "$b" --destroy-data "$@" >"$log" 2>&1 || status=$?
  cat "$log"; same "$target: exit status" 0 $status
  show "$(uname -r), $target: $(tail -n 1 "$log")"
}
