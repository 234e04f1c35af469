package io.mpath.path;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The changes that the paths of one port handed back unanswered ({@link Certainty#UNKNOWN}), numbered ({@link
 * PathFailure#fenceEpoch}) so that a fence can say which of them it covers. A number
 * stands for all that is lost between two {@link #cut}s: whoever seeks a fence cuts first, so that what is lost while the fence
 * is sought has a greater number than the fence covers.
 *
 * <p>Threading: any thread; guarded by this object's monitor, in which nothing foreign runs but {@link PathControl#fenced}, which
 * does not block.
 */
public final class Losses {
    private final Map<PathControl, Long> last = new LinkedHashMap<>();
    private long epoch = 1;

    /** Nothing lost yet. */
    public Losses() {}

    /** The number of a loss by the path that reports to {@code control}. */
    public synchronized long add(PathControl control) {
        last.put(control, epoch);
        return epoch;
    }

    /** Whether anything is lost that no fence has covered. */
    public synchronized boolean any() {
        return !last.isEmpty();
    }

    /** The greatest number given away so far; what is lost from now on has a greater one. */
    public synchronized long cut() {
        return epoch++;
    }

    /** All that was lost with a number up to {@code covered} can take no further effect. */
    public synchronized void fenced(long covered) {
        for (Iterator<Map.Entry<PathControl, Long>> each = last.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<PathControl, Long> loss = each.next();
            loss.getKey().fenced(covered);
            if (loss.getValue() <= covered) {
                each.remove();
            }
        }
    }
}
