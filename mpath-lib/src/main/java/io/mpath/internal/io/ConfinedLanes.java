package io.mpath.internal.io;

import com.google.common.collect.ImmutableList;

/**
 * The ways of channels to one path, with what was counted in those that are closed: in one object, so that sums never fall.
 *
 * @param requestsBefore attempts given to those that are closed
 * @param bytesBefore bytes of those attempts
 */
record ConfinedLanes(ImmutableList<Lane> open, long requestsBefore, long bytesBefore) {
    /** No channel. */
    static final ConfinedLanes NONE = new ConfinedLanes(ImmutableList.of(), 0, 0);

    ConfinedLanes with(Lane lane) {
        return new ConfinedLanes(
                ImmutableList.<Lane>builder().addAll(open).add(lane).build(), requestsBefore, bytesBefore);
    }

    ConfinedLanes without(Lane lane) {
        return new ConfinedLanes(
                open.stream().filter(one -> one != lane).collect(ImmutableList.toImmutableList()),
                requestsBefore + lane.requests,
                bytesBefore + lane.bytes);
    }

    long requests() {
        long sum = requestsBefore;
        for (Lane lane : open) {
            sum += lane.requests;
        }
        return sum;
    }

    long bytes() {
        long sum = bytesBefore;
        for (Lane lane : open) {
            sum += lane.bytes;
        }
        return sum;
    }
}
