package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.internal.io.Trampolines;
import java.util.concurrent.Executor;

/**
 * What all devices of a registry share.
 *
 * @param environment time, chance, threads
 * @param clock the time that requests are stamped with
 * @param completions runs callbacks, whatever the user's executor says
 * @param events where events go
 * @param trampolines for callbacks on submitting and completing threads
 */
record Surroundings(
        Environment environment, CoarseClock clock, Executor completions, EventHub events, Trampolines trampolines) {}
