package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.sim.BlockRegister.Op;
import io.mpath.sim.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one disk, as its users saw it and as the disk saw it, and what is wrong with that. Each block is checked as
 * a linearizable register; and of each landing of an attempt it is checked that its request still allowed for it, whether
 * anybody would have read the block in time or not.
 *
 * <p>Calls are made in the order in which things happen: {@link #changing} before a change is submitted, {@link #landed} for
 * each attempt that takes effect on the disk, {@link #ended} first thing in the callback; {@link #reading} and {@link #read}
 * likewise, the latter only for reads that succeeded; {@link #check} once, when the run is over. The value that a write
 * puts into every one of its blocks is its id, which is positive and used once; an attempt that zeroes says 0.
 *
 * <p>Not thread-safe. The cost is a few operations for each request and block, and in the end a sort for each block.
 */
final class RegisterHistory {
    private static final String DISK = "the disk";

    private final Map<Long, RecordedChange> changes = new LinkedHashMap<>();
    private final List<RecordedChange> zeroing = new ArrayList<>();
    private final Map<Long, Moment> reading = new LinkedHashMap<>();
    private final List<Sight> sights = new ArrayList<>();
    private final Consumer<Violation> found;
    private final long[] contents;
    private final @Nullable RecordedChange[] lastLanded;
    private final int[] changing;
    private long steps;

    /** Of a disk that never has more than {@code blocks}, all zero; {@code found} is told what is wrong, at once where that shows. */
    RegisterHistory(int blocks, Consumer<Violation> found) {
        this.found = found;
        contents = new long[blocks];
        lastLanded = new RecordedChange[blocks];
        changing = new int[blocks];
    }

    private record Sight(int block, long value, Op op) {}

    /** A write, or a change to zeroes, is about to be submitted. */
    void changing(long id, IoOperation operation, int first, int count, long nanos) {
        begin(new RecordedChange(id, operation, first, count, moment(nanos)));
    }

    /** A compare-and-write, which expects one value in each block, is about to be submitted. */
    void comparing(long id, int first, long[] expected, long nanos) {
        begin(new RecordedChange(id, IoOperation.COMPARE_AND_WRITE, first, expected.length, moment(nanos), expected));
    }

    private void begin(RecordedChange change) {
        changes.put(change.id(), change);
        if (change.zeroes()) {
            zeroing.add(change);
        }
        for (int block = change.first(); block < change.end(); block++) {
            changing[block]++;
        }
    }

    /** An attempt of some change has put {@code value} into some blocks, or into some of those that it should have. */
    void landed(long value, int first, int count, long nanos) {
        Moment now = moment(nanos);
        int end = first + count;
        RecordedChange change = value == 0 ? zeroingOf(first, end, now) : changes.get(value);
        if (value != 0 && change == null) {
            tell(Rule.INVENTED, first, value + " landed at " + now + " ns, which nobody wrote");
        }
        if (change != null) {
            checkLanding(change, first, end, now);
            change.land(first, end, true, now);
        }
        for (int block = first; block < end; block++) {
            contents[block] = value;
            lastLanded[block] = change;
            lookIfQuiet(block, now);
        }
    }

    /** The change whose attempt zeroed that range, or null when it may have been one of several. */
    private @Nullable RecordedChange zeroingOf(int first, int end, Moment now) {
        List<RecordedChange> covering =
                zeroing.stream().filter(change -> change.covers(first, end)).toList();
        List<RecordedChange> possible =
                covering.stream().filter(RecordedChange::mayLand).toList();
        if (covering.isEmpty()) {
            tell(Rule.INVENTED, first, "zeroes landed at " + now + " ns, which nobody asked for");
            return null;
        }
        possible.forEach(change -> change.land(first, end, false, now));
        if (possible.isEmpty()) {
            return covering.get(covering.size() - 1);
        }
        return possible.size() == 1 ? possible.get(0) : null;
    }

    private void checkLanding(RecordedChange change, int first, int end, Moment now) {
        if (!change.covers(first, end)) {
            tell(Rule.INVENTED, first, change + " landed outside of its range at " + now + " ns");
            return;
        }
        if (!change.mayLand()) {
            tell(Rule.LATE, first, change + " landed at " + now + " ns");
            return;
        }
        for (int block = first; block < end; block++) {
            RecordedChange under = lastLanded[block];
            if (under == null || under == change) {
                continue;
            }
            if (!change.underWay() && change.ended().before(under.invoked())) {
                tell(Rule.GHOST, block, change + " landed over " + under + " at " + now + " ns");
                return;
            }
            if (change.surelyLandedOn(block) && under.left(Effect.DONE)) {
                tell(Rule.UNDONE, block, change + " landed again over " + under + " at " + now + " ns");
                return;
            }
        }
    }

    /** The caller of a change is told its end. */
    void ended(long id, IoStatus status, Effect effect, long nanos) {
        RecordedChange change = known(id);
        Moment now = moment(nanos);
        change.end(status, effect, now);
        if (effect == Effect.NONE && change.surelyLanded()) {
            tell(Rule.DENIED, change.first(), change + " landed at " + change.lastLanding() + " ns");
        }
        if (effect == Effect.DONE && change.firstMissing() < change.end()) {
            tell(Rule.MISSING, change.firstMissing(), change + " never landed there");
        }
        for (int block = change.first(); block < change.end(); block++) {
            changing[block]--;
            lookIfQuiet(block, now);
        }
    }

    /** The disk can be touched no more by a change that ended as one that may still happen. */
    void fenced(long id, long nanos) {
        known(id).fence(moment(nanos));
    }

    private RecordedChange known(long id) {
        RecordedChange change = changes.get(id);
        if (change == null) {
            throw new IllegalArgumentException("no change " + id);
        }
        return change;
    }

    /** What a block holds while nobody changes it is what a read would find. */
    private void lookIfQuiet(int block, Moment now) {
        if (changing[block] == 0) {
            sights.add(new Sight(block, contents[block], new Op(DISK, now, now)));
        }
    }

    /** A read is about to be submitted. */
    void reading(long id, long nanos) {
        reading.put(id, moment(nanos));
    }

    /** A read has succeeded and found {@code values} from block {@code first} on. */
    void read(long id, int first, long[] values, long nanos) {
        Moment began = reading.remove(id);
        if (began == null) {
            throw new IllegalArgumentException("no read " + id);
        }
        Op op = new Op("read " + id, began, moment(nanos));
        for (int i = 0; i < values.length; i++) {
            sights.add(new Sight(first + i, values[i], op));
        }
    }

    /** The run is over, and {@code last} is what the disk holds: judges what can only be judged from all that is known. */
    void check(long[] last, long nanos) {
        Moment now = moment(nanos);
        BlockRegister[] registers = new BlockRegister[contents.length];
        for (int block = 0; block < registers.length; block++) {
            registers[block] = new BlockRegister(block, found);
            sights.add(new Sight(block, last[block], new Op(DISK, now, now)));
        }
        for (RecordedChange change : changes.values()) {
            for (int block = change.first(); block < change.end(); block++) {
                registers[block].changed(change);
            }
        }
        sights.forEach(sight -> registers[sight.block].saw(sight.value, sight.op));
        for (BlockRegister register : registers) {
            register.check();
        }
    }

    private Moment moment(long nanos) {
        return new Moment(++steps, nanos);
    }

    private void tell(Rule rule, int block, String message) {
        found.accept(new Violation(rule, "block " + block + ": " + message));
    }
}
