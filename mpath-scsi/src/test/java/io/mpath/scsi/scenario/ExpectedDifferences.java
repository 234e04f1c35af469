package io.mpath.scsi.scenario;

import java.util.List;
import java.util.Optional;

/** Where a target is known not to do what a clause says. One that does it after all is told, too: the list is to stay true. */
final class ExpectedDifferences {
    private record Difference(String target, String check, String reason) {}

    private static final List<Difference> ALL = List.of(
            new Difference(
                    "lio",
                    "extended header brings the same groups",
                    "the length in its extended header does not count that header: the last port is cut off"),
            new Difference(
                    "lio",
                    "changed state is told to every nexus, once",
                    "it tells the nexuses of the changed group only"),
            new Difference(
                    "lio",
                    "forced unit access succeeds",
                    "without a write cache there is nothing to force: it is refused, as the DPOFUA bit says"),
            new Difference(
                    "lio",
                    "nexus that was lost is told so, and no other",
                    "a session that is logged in again begins without a unit attention"),
            new Difference(
                    "scsi_debug",
                    "each port tells its own relative identifier",
                    "the ports of its hosts have the same ones"),
            new Difference(
                    "scsi_debug",
                    "groups list every port in its own group, through every port",
                    "it lists the groups of the host that asks"));

    private ExpectedDifferences() {}

    /** Why {@code target} is expected to fail {@code check}; empty when it is not. */
    static Optional<String> reason(String target, String check) {
        return ALL.stream()
                .filter(difference -> difference.target.equals(target) && difference.check.equals(check))
                .map(Difference::reason)
                .findFirst();
    }

    /** The checks that any target differs in, each of which must exist. */
    static List<String> checks() {
        return ALL.stream().map(Difference::check).toList();
    }
}
