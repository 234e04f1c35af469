package io.mpath.reservation.conformance;

import java.util.Objects;

/**
 * What came of trying to read or write one block.
 *
 * @param kind which of them it is
 * @param text why it failed; empty otherwise
 */
public record Access(Kind kind, String text) {
    /** The ways in which it ends. */
    public enum Kind {
        /** The device did it. */
        ALLOWED,
        /** The device refused it for what is reserved (SCSI status 18h, NVMe status 83h). */
        CONFLICT,
        /** It ended in another way, which says nothing of reservations. */
        FAILED
    }

    /** Checks that nothing is null. */
    public Access {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /** The device did it. */
    public static Access allowed() {
        return new Access(Kind.ALLOWED, "");
    }

    /** The device refused it for what is reserved. */
    public static Access conflict() {
        return new Access(Kind.CONFLICT, "");
    }

    /**
     * It ended in another way.
     *
     * @param why one line for an operator
     */
    public static Access failed(String why) {
        return new Access(Kind.FAILED, why);
    }

    @Override
    public String toString() {
        return text.isEmpty() ? kind.toString() : kind + " (" + text + ")";
    }
}
