package io.mpath.policy;

import java.util.List;

/** Memory nodes at given distances, with one caller on {@code currentNode}. */
record TestNuma(List<List<Integer>> distances, int currentNode) implements NumaTopology {
    @Override
    public int nodes() {
        return distances.size();
    }

    @Override
    public int distance(int from, int to) {
        return distances.get(from).get(to);
    }
}
