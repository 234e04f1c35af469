package io.mpath.scsi.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a target is known not to do what a clause says, and what it does not have at all. One that does it after all is told, too: the
 * lists are to stay true.
 */
final class ExpectedDifferences {
    /**
     * One of them.
     *
     * @param finding what the check is to find, or a part of it: another wrong in the same check is none that is known
     */
    record Difference(String target, String check, String reason, String finding) {}

    private static final List<Difference> ALL = List.of(
            new Difference(
                    "lio",
                    "extended header brings the same groups",
                    "the length in its extended header does not count that header: the last port is cut off",
                    "relativePorts=[]]] with the extended header"),
            new Difference(
                    "lio",
                    "changed state is told to every nexus, once",
                    "it tells the nexuses of the changed group only",
                    "ended with success instead of sense 062a06"),
            new Difference(
                    "lio",
                    "forced unit access succeeds",
                    "without a write cache there is nothing to force: it is refused, as the DPOFUA bit says",
                    "sense 05/24/00"),
            new Difference(
                    "lio",
                    "nexus that was lost is told so, and no other",
                    "a session that is logged in again begins without a unit attention",
                    "what comes first is status 0x00"),
            new Difference(
                    "scsi_debug",
                    "each port tells its own relative identifier",
                    "the ports of its hosts have the same ones",
                    "of another"),
            new Difference(
                    "scsi_debug",
                    "groups list every port in its own group, through every port",
                    "it lists the groups of the host that asks",
                    ", another port TargetPortGroups"));

    private static final Map<String, Set<String>> LACKED = Map.of(
            "lio",
            Set.of(
                    "zeroed blocks read as zeroes, and their neighbours as before",
                    "unmapped blocks read as the logical unit says, and their neighbours as before",
                    "logical unit that grew says so to every nexus, and is larger through every port"),
            "scsi_debug",
            Set.of(
                    "unmapped blocks read as the logical unit says, and their neighbours as before",
                    "compare and write writes after an equal compare alone",
                    "access state decides how I/O ends, through its own port alone",
                    "logical unit says who it is and what states there are in every state",
                    "changed state is told to every nexus, once",
                    "nexus that was lost is told so, and no other"));

    private ExpectedDifferences() {}

    /** How {@code target} is expected to fail {@code check}; empty when it is not. */
    static Optional<Difference> of(String target, String check) {
        return ALL.stream()
                .filter(difference -> difference.target.equals(target) && difference.check.equals(check))
                .findFirst();
    }

    /** The checks that are about what {@code target}, or the bench that has it, does not have. */
    static Set<String> lackedBy(String target) {
        return LACKED.getOrDefault(target, Set.of());
    }

    /** The checks that any target differs in, or is spared, each of which must exist. */
    static List<String> checks() {
        return Stream.concat(
                        ALL.stream().map(Difference::check),
                        LACKED.values().stream().flatMap(Set::stream))
                .toList();
    }
}
