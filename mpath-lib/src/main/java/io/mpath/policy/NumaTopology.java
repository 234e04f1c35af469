package io.mpath.policy;

/** The machine's memory nodes. Asked by any thread; cheap. */
public interface NumaTopology {
    /** The node that the caller runs on, from 0 to {@link #nodes} - 1. */
    int currentNode();

    /** How many nodes there are; at least one. */
    int nodes();

    /** The distance between two nodes, 10 from a node to itself (ACPI SLIT). */
    int distance(int from, int to);

    /** One node. */
    static NumaTopology flat() {
        return FlatTopology.INSTANCE;
    }

    /** A machine on which all memory is equally near. */
    enum FlatTopology implements NumaTopology {
        /** The only one. */
        INSTANCE;

        @Override
        public int currentNode() {
            return 0;
        }

        @Override
        public int nodes() {
            return 1;
        }

        @Override
        public int distance(int from, int to) {
            return 10;
        }
    }
}
