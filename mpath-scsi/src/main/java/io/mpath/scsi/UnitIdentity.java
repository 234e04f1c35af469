package io.mpath.scsi;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.path.PathDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which logical unit a path leads to: what the unit said of itself last, and whether that is something else than it said before the
 * path was attached.
 *
 * <p>An answer counts if no doubt was raised while it was given; else the unit is asked once more.
 *
 * <p>Threading: {@link #unit} and {@link #elsewhere} any thread; the rest the one that describes the path, one at a time, and what asks
 * the unit blocks.
 */
final class UnitIdentity {
    private static final int MOST_TRIES = 4;
    private static final DeviceId NOBODY = DeviceId.named("unidentified");
    private static final Logger LOG = LoggerFactory.getLogger(UnitIdentity.class);

    private final ScsiHost host;
    private final String name;
    private final LogicalUnitReader reader;
    private final IdentityDoubts doubts;
    // What its device is called.
    private final DeviceId joined;
    private volatile LogicalUnit unit;
    // What it said before it was attached, and whether it said something else since.
    private volatile @Nullable PathDescription meant;
    private volatile boolean elsewhere;

    /**
     * What a unit said.
     *
     * @param asked how many doubts had been raised when it was asked
     */
    record Answer(LogicalUnit unit, long asked) {}

    /**
     * Asks the unit for the first time.
     *
     * @throws MultipathException as {@link #ask}
     */
    UnitIdentity(ScsiHost host, String name, LogicalUnitReader reader, IdentityDoubts doubts) {
        this.host = host;
        this.name = name;
        this.reader = reader;
        this.doubts = doubts;
        Answer answer = ask(null);
        this.unit = answer.unit();
        this.joined = unit.id();
        doubts.answer(answer.asked());
    }

    /** The unit as it described itself last. */
    LogicalUnit unit() {
        return unit;
    }

    /** Whether it is not the unit any more that the path was opened for. */
    boolean elsewhere() {
        return elsewhere;
    }

    /**
     * What the unit says of itself.
     *
     * @throws MultipathException when it does not answer, or says each time that it may be another one
     */
    Answer ask() {
        return ask(joined);
    }

    private Answer ask(@Nullable DeviceId knownBy) {
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            long before = doubts.raised();
            LogicalUnit said = reader.read(page -> host.identity(page, knownBy), host::sibling);
            if (doubts.raised() == before) {
                return new Answer(said, before);
            }
        }
        throw new MultipathException(
                name + ": each time that it is asked, it says that it may be another logical unit");
    }

    /** The path leads to {@code now}; whether that is another one than before. Nothing is sent to it yet if there is a doubt. */
    boolean replace(LogicalUnit now) {
        boolean another = !now.id().equals(unit.id());
        unit = now;
        return another;
    }

    /** The doubts that {@code answer} came after are over: whether there were any. What is sent from here on is sent to that unit. */
    boolean settle(Answer answer, PathDescription description, boolean attached) {
        PathDescription before = meant;
        if (before == null || !attached) {
            meant = description;
        } else {
            elsewhere = before.contradiction(description).isPresent();
        }
        return doubts.answer(answer.asked());
    }

    /** Asks a unit that cannot be described who it is, at least: its description if it is another one than before, else null. */
    @Nullable
    PathDescription findElsewhere() {
        PathDescription before = meant;
        if (before == null) {
            return null;
        }
        try {
            DeviceId said = host.identity(reader.identification(), joined).orElse(NOBODY);
            if (said.equals(before.id())) {
                return null;
            }
            elsewhere = true;
            return new PathDescription(said, before.geometry());
        } catch (MultipathException e) {
            LOG.debug("{}: its identity cannot be read either: {}", name, e.getMessage());
            return null;
        }
    }
}
