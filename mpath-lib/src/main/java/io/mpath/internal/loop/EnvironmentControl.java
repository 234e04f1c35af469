package io.mpath.internal.loop;

import io.mpath.ControlLoop;
import io.mpath.Environment;
import io.mpath.Ticker;
import io.mpath.Timers;
import io.mpath.path.PathControl;
import java.util.concurrent.Executor;

/**
 * A {@link PathControl} as far as it hands on what its path lives in; who is reported to is up to the rest.
 *
 * <p>Threading: any thread.
 */
public abstract class EnvironmentControl implements PathControl {
    private final Environment environment;

    /** For paths that live in {@code environment}. */
    protected EnvironmentControl(Environment environment) {
        this.environment = environment;
    }

    @Override
    public final ControlLoop loop() {
        return environment.loop();
    }

    @Override
    public final Timers timers() {
        return environment.timers();
    }

    @Override
    public final Ticker ticker() {
        return environment.ticker();
    }

    @Override
    public final Executor blocking() {
        return environment.blocking();
    }
}
