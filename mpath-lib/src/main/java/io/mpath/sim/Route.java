package io.mpath.sim;

/** One path of a run, with what is true of it whatever the library believes. */
final class Route {
    private final SimPath path;
    private final Unit unit;

    /** The number of the newest tier that it was in. */
    long lastTier;

    /** Whether it says that it leads to another logical unit. */
    boolean astray;

    /** Since when the library must not give it anything because of that; {@link Long#MAX_VALUE}: it may. */
    long strangeSince = Long.MAX_VALUE;

    /** Until when its target is busy. */
    long busyUntil;

    private long awaySince = -1;
    private String whyAway = "";
    private int changes;

    Route(SimPath path, Unit unit) {
        this.path = path;
        this.unit = unit;
    }

    SimPath path() {
        return path;
    }

    Unit unit() {
        return unit;
    }

    String name() {
        return path.name();
    }

    /** It is about to say that it is away. @return what {@link #away} needs when the library must have understood that */
    int leaves() {
        return ++changes;
    }

    /** The library knows that it is away, unless it has come back since {@code leaving}. */
    void away(int leaving, long now, String why) {
        if (leaving == changes) {
            awaySince = now;
            whyAway = why;
        }
    }

    /** It is about to say that it is there. */
    void back() {
        changes++;
        awaySince = -1;
    }

    /** Since when the library knows that it is away; -1: it is not, or the library need not know yet. */
    long awaySince() {
        return awaySince;
    }

    String whyAway() {
        return whyAway;
    }
}
