package io.mpath.bench;

import io.mpath.policy.NumaTopology;
import io.mpath.policy.SelectorCursor;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Choosing as the kernel's NVMe multipath does it, from a description of its behaviour: no table is made beforehand, but for each
 * I/O the list of all paths is walked, and each is asked whether it is disabled and whether it is optimized. What the kernel pays
 * besides, for its read-side lock, is left out, which makes this the faster.
 *
 * <p>Threading: the fields of a path are volatile, as those that the kernel reads once; the position is shared by all threads
 * of a memory node and written without a lock, as it is there.
 */
final class ListWalk {
    /** The three policies that the kernel has. */
    enum Rule {
        NUMA,
        ROUND_ROBIN,
        QUEUE_DEPTH;

        static Rule named(String policy) {
            return switch (policy) {
                case "numa" -> NUMA;
                case "round-robin" -> ROUND_ROBIN;
                case "queue-depth" -> QUEUE_DEPTH;
                default -> throw new IllegalArgumentException("the kernel has no policy " + policy);
            };
        }
    }

    /** What a walk reads of a controller. */
    enum ControllerState {
        LIVE,
        CONNECTING,
        DELETING
    }

    /** What a walk reads of a path's access state. */
    enum Ana {
        OPTIMIZED,
        NON_OPTIMIZED,
        INACCESSIBLE
    }

    /** One path of the list. */
    static final class Sibling {
        private final int numaNode;
        private volatile ControllerState controller = ControllerState.LIVE;
        private volatile Ana ana = Ana.OPTIMIZED;
        private volatile boolean anaPending;
        private volatile boolean ready = true;
        private volatile int inFlight = 1;
        private volatile Sibling next;

        Sibling(int numaNode) {
            this.numaNode = numaNode;
        }

        private boolean disabled() {
            ControllerState state = controller;
            return (state != ControllerState.LIVE && state != ControllerState.DELETING) || anaPending || !ready;
        }

        private boolean optimized() {
            return controller == ControllerState.LIVE && ana == Ana.OPTIMIZED;
        }
    }

    private final Rule rule;
    private final NumaTopology numa;
    private final AtomicReferenceArray<Sibling> current;
    private volatile Sibling first;

    /** A list of {@code count} paths, on the memory nodes in turn. */
    ListWalk(Rule rule, int count, NumaTopology numa) {
        this.rule = rule;
        this.numa = numa;
        this.current = new AtomicReferenceArray<>(numa.nodes());
        for (int i = count - 1; i >= 0; i--) {
            Sibling sibling = new Sibling(i % numa.nodes());
            sibling.next = first;
            first = sibling;
        }
    }

    /** One choice; null when there is nothing to choose. */
    Sibling choose(SelectorCursor cursor) {
        return switch (rule) {
            case NUMA -> nearest(cursor.node());
            case ROUND_ROBIN -> nextInTurn(cursor.node());
            case QUEUE_DEPTH -> shallowest();
        };
    }

    private Sibling nearest(int node) {
        Sibling cached = current.getAcquire(node);
        return cached != null && cached.optimized() ? cached : scan(node);
    }

    private Sibling scan(int node) {
        Sibling optimized = null;
        Sibling other = null;
        int toOptimized = Integer.MAX_VALUE;
        int toOther = Integer.MAX_VALUE;
        for (Sibling sibling = first; sibling != null; sibling = sibling.next) {
            if (sibling.disabled()) {
                continue;
            }
            int distance = rule == Rule.NUMA ? numa.distance(node, sibling.numaNode) : 0;
            Ana state = sibling.ana;
            if (state == Ana.OPTIMIZED && distance < toOptimized) {
                toOptimized = distance;
                optimized = sibling;
            } else if (state == Ana.NON_OPTIMIZED && distance < toOther) {
                toOther = distance;
                other = sibling;
            }
        }
        Sibling found = optimized != null ? optimized : other;
        if (found != null) {
            current.setRelease(node, found);
        }
        return found;
    }

    private Sibling nextInTurn(int node) {
        Sibling old = current.getAcquire(node);
        if (old == null) {
            return scan(node);
        }
        Sibling head = first;
        if (head.next == null) {
            return old.disabled() ? null : old;
        }
        Sibling found = null;
        Sibling other = null;
        for (Sibling sibling = behind(old, head); sibling != old; sibling = behind(sibling, head)) {
            if (sibling.disabled()) {
                continue;
            }
            Ana state = sibling.ana;
            if (state == Ana.OPTIMIZED) {
                found = sibling;
                break;
            }
            if (state == Ana.NON_OPTIMIZED) {
                other = sibling;
            }
        }
        if (found == null && !old.disabled() && (old.optimized() || (other == null && old.ana == Ana.NON_OPTIMIZED))) {
            return old;
        }
        Sibling chosen = found != null ? found : other;
        if (chosen != null) {
            current.setRelease(node, chosen);
        }
        return chosen;
    }

    private static Sibling behind(Sibling sibling, Sibling head) {
        Sibling next = sibling.next;
        return next == null ? head : next;
    }

    private Sibling shallowest() {
        Sibling optimized = null;
        Sibling other = null;
        int leastOptimized = Integer.MAX_VALUE;
        int leastOther = Integer.MAX_VALUE;
        for (Sibling sibling = first; sibling != null; sibling = sibling.next) {
            if (sibling.disabled()) {
                continue;
            }
            int depth = sibling.inFlight;
            Ana state = sibling.ana;
            if (state == Ana.OPTIMIZED && depth < leastOptimized) {
                leastOptimized = depth;
                optimized = sibling;
                if (depth == 0) {
                    break;
                }
            } else if (state == Ana.NON_OPTIMIZED && depth < leastOther) {
                leastOther = depth;
                other = sibling;
            }
        }
        return optimized != null ? optimized : other;
    }
}
