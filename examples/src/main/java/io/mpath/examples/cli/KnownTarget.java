package io.mpath.examples.cli;

import io.mpath.reservation.conformance.KnownDefect;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A target whose reservations are known to be wrong in places: in which, and how. */
enum KnownTarget {
    /** None that is known: everything is held to the standard. */
    NONE,
    /**
     * Linux's SCSI target ({@code drivers/target/target_core_pr.c}), seen on 6.12 and 7.3. Behind {@code tcm_loop} it also hangs for
     * good with PREEMPT AND ABORT, which is not listed here, since it does not over iSCSI: do without it there. Where {@code
     * /var/target/pr} is missing, it refuses to persist, though it says that it can.
     */
    LIO,
    /** Linux's NVMe target ({@code drivers/nvme/target/pr.c}), seen on 7.3. */
    NVMET;

    private static final String GENERATION = "LIO does not take PRGENERATION on when a nexus unregisters";
    private static final String STRANGER =
            "LIO answers RESERVE of an unregistered nexus with sense 02/08/00 where nothing is reserved, and not with a conflict";
    private static final String OTHER_TYPE =
            "LIO answers RELEASE of another type with a conflict, and not with sense 05/26/04";

    private static final String NVMET_OTHER_TYPE =
            "nvmet answers Reservation Release of another type with a conflict, and not with Invalid Field in Command";
    private static final String FIRST_OF_ALL =
            "nvmet takes who reserved first for the only holder of what all registrants hold";

    private static final List<KnownDefect> OF_LIO = List.of(
            new KnownDefect("unregister.own", GENERATION),
            new KnownDefect("unregister.ignoring", GENERATION),
            new KnownDefect("nexus.unregister-one", GENERATION),
            new KnownDefect("generation.changes", GENERATION),
            new KnownDefect("reserve.stranger", STRANGER),
            new KnownDefect("nexus.registered-alone", STRANGER),
            new KnownDefect("release.wrong-type", OTHER_TYPE));

    private static final List<KnownDefect> OF_NVMET = List.of(
            new KnownDefect("release.wrong-type", NVMET_OTHER_TYPE),
            new KnownDefect("all.reserve-again", FIRST_OF_ALL),
            new KnownDefect("all.release", FIRST_OF_ALL));

    List<KnownDefect> defects() {
        return switch (this) {
            case NONE -> List.of();
            case LIO -> OF_LIO;
            case NVMET -> OF_NVMET;
        };
    }

    static Optional<KnownTarget> of(String word) {
        return Arrays.stream(values())
                .filter(target -> target.toString().equals(word))
                .findFirst();
    }

    /** The word that the command knows it by. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
