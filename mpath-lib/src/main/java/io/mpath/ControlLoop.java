package io.mpath;

import java.util.concurrent.Executor;

/**
 * The single thread, or the stepped stand-in for one, that makes every change of state. Runs tasks one at a time, in the order
 * in which each thread handed them in; what one task wrote, the next one sees. Never blocks the caller, never refuses.
 */
public interface ControlLoop extends Executor {
    /** Whether the caller is a task of this loop. */
    boolean inLoop();
}
