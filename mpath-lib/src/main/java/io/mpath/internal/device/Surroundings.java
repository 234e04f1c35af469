package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.internal.io.Trampolines;

/**
 * What all devices of a registry share.
 *
 * @param environment time, chance, threads; its executors run every task, whatever the user's do
 * @param clock the time that requests are stamped with
 * @param events where events go
 * @param reports what paths say of themselves
 * @param trampolines for callbacks on submitting and completing threads
 * @param budgets what ports share of the threads for what blocks
 */
record Surroundings(
        Environment environment,
        CoarseClock clock,
        EventHub events,
        ReportQueue reports,
        Trampolines trampolines,
        PortBudgets budgets) {}
