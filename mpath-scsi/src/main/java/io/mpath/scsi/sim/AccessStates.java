package io.mpath.scsi.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * The asymmetric access states of one logical unit: one for each target port group.
 *
 * <p>Threading: guarded by the array's lock.
 */
final class AccessStates {
    /** What changed a group's state last, as STATUS CODE tells it. */
    static final int NOTHING = 0;

    static final int BY_COMMAND = 1;
    static final int IMPLICITLY = 2;

    private final Map<Integer, GroupState> groups = new TreeMap<>();

    /** One group. */
    static final class GroupState {
        private SimAluaState state = SimAluaState.OPTIMIZED;
        private SimAluaState before = SimAluaState.OPTIMIZED;
        private boolean preferred;
        private int statusCode = NOTHING;
        private int transitions;

        SimAluaState state() {
            return state;
        }

        boolean preferred() {
            return preferred;
        }

        int statusCode() {
            return statusCode;
        }

        void prefer(boolean value) {
            preferred = value;
        }

        void move(SimAluaState to, int by) {
            state = to;
            statusCode = by;
            transitions++;
        }

        /** Begins a transition. @return its number, by which its end knows that no other change came between */
        int begin() {
            if (state != SimAluaState.TRANSITIONING) {
                before = state;
            }
            state = SimAluaState.TRANSITIONING;
            return ++transitions;
        }

        boolean isIn(int transition) {
            return state == SimAluaState.TRANSITIONING && transitions == transition;
        }

        SimAluaState before() {
            return before;
        }
    }

    GroupState of(int group) {
        return groups.computeIfAbsent(group, number -> new GroupState());
    }
}
