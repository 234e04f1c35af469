package io.mpath.nvme.scenario;

import java.util.List;
import java.util.Optional;

/** Where a target is known not to do what a clause says. One that does it after all is told, too: the list is to stay true. */
final class ExpectedDifferences {
    /** Of targets whose name begins so: {@code nvmet-6.12} is a kind of {@code nvmet}. */
    private record Difference(String target, String check, String reason) {}

    private static final List<Difference> ALL = List.of(
            new Difference(
                    "nvmet-6.12",
                    "pages of both kinds agree on the namespace",
                    "Base 2.1 5.1.13.2.8: it has no CNS 08h yet, which controllers of 2.0 shall have"),
            new Difference(
                    "nvmet",
                    "ANA log can be read in pieces",
                    "Base 2.1 5.1.12 LPO: it says in LPA that it takes offsets, and sends this log from its beginning"),
            new Difference(
                    "nvmet",
                    "unknown log page is refused as such",
                    "Base 2.1 5.1.12: Invalid Log Page; it says Invalid Field in Command"),
            new Difference(
                    "nvmet",
                    "zeroed blocks read as zeroes, and their neighbours as before",
                    "Base 2.1 5.1.13.2.1 ONCS: it says that it can, and refuses on a file whose file system cannot"),
            new Difference(
                    "nvmet",
                    "blocks past the end are refused, and the last one is not",
                    "NVM 1.1 3.1.2: LBA Out of Range; behind a file's end it says Capacity Exceeded"));

    private ExpectedDifferences() {}

    /** Why {@code target} is expected to fail {@code check}; empty when it is not. */
    static Optional<String> reason(String target, String check) {
        return ALL.stream()
                .filter(difference -> target.startsWith(difference.target) && difference.check.equals(check))
                .map(Difference::reason)
                .findFirst();
    }

    /** The checks that any target differs in, each of which must exist. */
    static List<String> checks() {
        return ALL.stream().map(Difference::check).toList();
    }
}
