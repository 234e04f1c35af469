package io.mpath.observe;

/** Told of events, one at a time and in order, on the completion executor. What it throws is logged. */
@FunctionalInterface
public interface MultipathListener {
    /** Something happened. */
    void onEvent(MultipathEvent event);
}
