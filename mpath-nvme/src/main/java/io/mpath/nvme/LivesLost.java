package io.mpath.nvme;

import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lives of a controller in which something was lost that no reset of that life has fenced. A fence covers all numbers up to its
 * own, so what is lost in a later life has a greater number than all that was lost in an earlier one, and a later life is not fenced
 * before the earlier ones are, or can take no further effect for the time that has passed.
 *
 * <p>Threading: any thread; guarded by this object's monitor, in which nothing foreign runs but what {@link Losses} runs.
 */
final class LivesLost {
    private final Losses losses;
    private final Deque<Life> lives = new ArrayDeque<>();

    /**
     * One of them.
     *
     * @param number by the controller's count
     * @param reset what ends it; null where the controller was not asked in it what it is
     * @param last the greatest number of a loss in it
     * @param overNanos when all of its losses can take no further effect in any case
     */
    record Life(long number, @Nullable CrossControllerReset reset, long last, long overNanos) {}

    LivesLost(Losses losses) {
        this.losses = losses;
    }

    /** The number of a loss. */
    synchronized long add(PathControl control, long number, @Nullable CrossControllerReset reset, long overNanos) {
        Life latest = lives.peekLast();
        boolean same = latest != null && latest.number() == number && Objects.equals(latest.reset(), reset);
        if (same) {
            lives.removeLast();
        } else {
            losses.cut();
        }
        long epoch = losses.add(control);
        lives.addLast(new Life(number, reset, epoch, overNanos));
        return epoch;
    }

    /** The earliest that is to be fenced now; what is lost from here on has a greater number. Null: there is none. */
    synchronized @Nullable Life earliest(long nowNanos) {
        losses.cut();
        while (!lives.isEmpty() && nowNanos - lives.getFirst().overNanos() >= 0) {
            lives.removeFirst();
        }
        return lives.peekFirst();
    }

    /** {@code life}, the earliest when that was asked for, was reset: what was lost in it until then is fenced. */
    synchronized void reset(Life life) {
        losses.fenced(life.last());
        lives.removeIf(each -> each.number() == life.number() && each.last() <= life.last());
    }
}
