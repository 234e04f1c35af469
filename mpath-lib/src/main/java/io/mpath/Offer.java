package io.mpath;

/** What became of a candidate path. */
public sealed interface Offer {
    /** The candidate's name. */
    String path();

    /** It is a path of {@code device} now. */
    record Admitted(String path, MultipathDevice device) implements Offer {}

    /**
     * It was left out: before it was opened, by what is known of the candidate, or behind that, when what it leads to turned out to
     * have one path only; then it was closed again. Open it bare if you want it.
     */
    record LeftOut(String path, String reason) implements Offer {}

    /** It was opened and found unfit: its identity, geometry or name contradicts what is known. It was closed again. */
    record Refused(String path, String reason) implements Offer {}
}
