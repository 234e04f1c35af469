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
    /** Linux's SCSI target ({@code drivers/target/target_core_pr.c}). */
    LIO;

    List<KnownDefect> defects() {
        return switch (this) {
            case NONE -> List.of();
            case LIO -> List.of();
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
