package io.mpath.sim;

import static io.mpath.IoOperation.COMPARE_AND_WRITE;
import static io.mpath.IoOperation.DISCARD;
import static io.mpath.IoOperation.READ;
import static io.mpath.IoOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.sim.BlockRegister.Op;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The verdict on tiny histories against a search through all orders in which they may have happened. */
class BlockRegisterProperties {
    private static final int MOST = 6;

    /** An operation as it is drawn: what it does, what it found or expected, how it ended, and two moments. */
    private record Drawn(IoOperation operation, long value, Effect effect, int from, int length) {}

    /** An operation of a history; a change writes its own number. */
    private record Step(int id, IoOperation operation, long value, Effect effect, Moment from, Moment to) {
        boolean isRead() {
            return operation == READ;
        }

        boolean mayBeLeftOut() {
            return !isRead() && effect != Effect.DONE;
        }

        Moment latest() {
            return !isRead() && effect == Effect.MAY_STILL_HAPPEN ? Moment.NEVER : to;
        }
    }

    @Property(tries = 4000)
    void verdictOnWritesAndReadsIsExact(@ForAll("plain") List<Drawn> drawn) {
        List<Step> history = history(drawn);
        boolean possible = possible(history);

        assertThat(judged(history)).as(history.toString()).isEqualTo(possible);
        Statistics.label("possible").collect(possible).coverage(seen -> {
            seen.check(true).percentage(share -> share > 10);
            seen.check(false).percentage(share -> share > 10);
        });
    }

    @Property(tries = 8000)
    void nobodyIsAccusedFalsely(@ForAll("all") List<Drawn> drawn) {
        List<Step> history = history(drawn);
        boolean right = judged(history);
        boolean possible = possible(history);

        assertThat(right || !possible).as(history.toString()).isTrue();
        Statistics.label("wrong histories")
                .collect(possible ? "none" : right ? "missed" : "found")
                .coverage(seen -> {
                    seen.check("found").percentage(share -> share > 10);
                    seen.check("missed").percentage(share -> share < 5);
                });
    }

    @Provide
    Arbitrary<List<Drawn>> plain() {
        return drawn(
                Arbitraries.of(WRITE, READ, READ),
                Arbitraries.of(Effect.DONE, Effect.DONE, Effect.MAY_HAVE_HAPPENED, Effect.NONE));
    }

    @Provide
    Arbitrary<List<Drawn>> all() {
        return drawn(Arbitraries.of(WRITE, READ, READ, DISCARD, COMPARE_AND_WRITE), Arbitraries.of(Effect.class));
    }

    private static Arbitrary<List<Drawn>> drawn(Arbitrary<IoOperation> operations, Arbitrary<Effect> effects) {
        Arbitrary<Drawn> one = Combinators.combine(
                        operations,
                        Arbitraries.longs().between(0, 3),
                        effects,
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.integers().between(1, 8))
                .as(Drawn::new);
        return one.list().ofMinSize(1).ofMaxSize(MOST);
    }

    /** No two things happen at one moment: ties are broken by number, beginnings first. */
    private static List<Step> history(List<Drawn> drawn) {
        List<Step> history = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            Drawn one = drawn.get(i);
            long from = one.from * 2L * MOST + i;
            long to = (one.from + one.length) * 2L * MOST + MOST + i;
            history.add(
                    new Step(i + 1, one.operation, one.value, one.effect, new Moment(from, from), new Moment(to, to)));
        }
        return history;
    }

    private static boolean judged(List<Step> history) {
        List<Violation> found = new ArrayList<>();
        BlockRegister register = new BlockRegister(0, found::add);
        for (Step step : history) {
            if (!step.isRead()) {
                var change = new RecordedChange(step.id, step.operation, 0, 1, step.from, step.value);
                change.end(IoStatus.SUCCESS, step.effect, step.to);
                register.changed(change);
            }
        }
        for (Step step : history) {
            if (step.isRead()) {
                register.saw(step.value, new Op("read " + step.id, step.from, step.to));
            }
        }
        register.check();
        return found.isEmpty();
    }

    private static boolean possible(List<Step> history) {
        return possible(
                history.stream()
                        .filter(step -> step.isRead() || step.effect != Effect.NONE)
                        .toList(),
                List.of(),
                0);
    }

    /** Whether {@code rest} can have happened in some order after {@code done}, which left {@code value} behind. */
    private static boolean possible(List<Step> rest, List<Step> done, long value) {
        if (rest.isEmpty()) {
            return true;
        }
        for (Step step : rest) {
            List<Step> others = new ArrayList<>(rest);
            others.remove(step);
            if (step.mayBeLeftOut() && possible(others, done, value)) {
                return true;
            }
            if (mayComeNext(step, others, done, value)) {
                List<Step> more = new ArrayList<>(done);
                more.add(step);
                if (possible(others, more, after(step))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayComeNext(Step step, List<Step> others, List<Step> done, long value) {
        boolean inTime = others.stream().noneMatch(other -> other.latest().before(step.from));
        boolean ghost = step.effect == Effect.MAY_STILL_HAPPEN
                && !step.isRead()
                && done.stream().anyMatch(other -> !other.isRead() && step.to.before(other.from));
        boolean finds = step.operation == READ || step.operation == COMPARE_AND_WRITE;
        return inTime && !ghost && (!finds || step.value == value);
    }

    private static long after(Step step) {
        return switch (step.operation) {
            case READ -> step.value;
            case DISCARD -> 0;
            default -> step.id;
        };
    }
}
