package io.mpath.policy;

import java.util.List;

/**
 * Each path in turn (Linux {@code nvme_round_robin_path}). Every stripe and channel has a rotation of its own, so threads do
 * not contend for one.
 *
 * <p>Differences from Linux: over non-optimized paths too the rotation goes forwards and visits each once (Linux walks
 * backwards over those), and it is bounded by the candidates at hand, so a path that is removed meanwhile cannot make it
 * endless. After a change of candidates the rotation goes on behind the path that was chosen last.
 */
public record RoundRobinPolicy() implements IoPolicy {
    @Override
    public String name() {
        return "round-robin";
    }

    @Override
    public boolean countsInFlight() {
        return false;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        int[] ordinals = candidates.stream().mapToInt(SelectablePath::ordinal).toArray();
        return ordinals.length == 1 ? new Only(ordinals[0]) : new Rotation(ordinals);
    }

    /** The only candidate. Noted once, so that the rotation goes on behind it, and not written by every request. */
    private record Only(int ordinal) implements PathSelector {
        @Override
        public int select(SelectorCursor cursor) {
            if (cursor.lastOrdinal() != ordinal) {
                cursor.chose(0, ordinal);
            }
            return 0;
        }
    }

    /** A rotation over fixed candidates. */
    private static final class Rotation implements PathSelector {
        private final int[] ordinals;

        Rotation(int[] ordinals) {
            this.ordinals = ordinals;
        }

        @Override
        public int select(SelectorCursor cursor) {
            int next = cursor.position() + 1;
            if (next <= 0 || next > ordinals.length || ordinals[next - 1] != cursor.lastOrdinal()) {
                next = resume(cursor);
            } else if (next == ordinals.length) {
                next = 0;
            }
            cursor.chose(next, ordinals[next]);
            return next;
        }

        /** Where the rotation begins, or goes on when the candidates are not those that the cursor last moved over. */
        private int resume(SelectorCursor cursor) {
            int last = cursor.lastOrdinal();
            if (last < 0) {
                return Math.floorMod(cursor.position(), ordinals.length);
            }
            for (int i = 0; i < ordinals.length; i++) {
                if (ordinals[i] > last) {
                    return i;
                }
            }
            return 0;
        }
    }
}
