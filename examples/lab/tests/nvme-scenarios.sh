#!/bin/bash
# kernel: stable newest
# append: nvme_core.multipath=N
# needs: mpath.jar test-classes
# timeout: 200
# What the tests take for an NVMe target's behaviour, clause by clause, asked of the kernel's: the same checks that the emulated
# subsystem must pass. A difference that is not expected is red, and so is an expected one that is not there.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh
nvmet_up 2; for p in 1 2; do nvme_connect $p -l 60 -c 1; done; await 2 '/dev/nvme*n1'
nvmet_ns 2 64; await 2 '/dev/nvme*n2'
controllers=(); for p in 1 2; do controllers+=("$(nvme_of $p)=$NVMET/ports/$p/ana_groups/1/ana_state"); done
java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "../target/mpath.jar:../../mpath-nvme/target/test-classes:../../mpath-lib/target/test-classes" \
  -Dscenario.backing=/run/ns2.img -Dscenario.revalidate="$NVMET/subsystems/$NQN/namespaces/2/revalidate_size" \
  io.mpath.nvme.linux.KernelScenarios "nvmet-$(uname -r | cut -d. -f1,2)" 2 "${controllers[@]}" || fail "see above"
