package io.mpath.internal.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/**
 * Runs a script in one interleaving of its threads after another, switching at every access to a shared field.
 *
 * <p>Lincheck does not see into lambdas on newer JVMs and then reports success, and takes a {@code join} for one only where the
 * variable's type is {@link Thread}: hence named classes, {@link #runTogether}, and in every suite a script that must fail.
 */
public final class Interleavings {
    private static final int SEARCHED = 300;

    private Interleavings() {}

    /** What runs in each interleaving: starts threads, waits for them, and throws when the outcome is not allowed. */
    public interface Script {
        void play() throws Exception;
    }

    /** Fails, with the interleaving that leads there, when one of them makes {@code script} throw. */
    public static void explore(Script script) {
        Lincheck.runConcurrentTest(SEARCHED, new Play(script));
    }

    /** Fails unless an interleaving is found that makes {@code script} throw {@code complaint}. */
    public static void expectFound(Script script, String complaint) {
        assertThatThrownBy(() -> explore(script))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("AssertionError: " + complaint);
    }

    /** Starts all of them, and waits until they have ended. */
    public static void runTogether(Thread... threads) throws InterruptedException {
        startAll(threads);
        joinAll(threads);
    }

    static void startAll(Thread... threads) {
        for (Thread thread : threads) {
            thread.start();
        }
    }

    static void joinAll(Thread... threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** AssertJ's own machinery would be explored too. */
    public static void require(boolean allowed, String complaint) {
        if (!allowed) {
            throw new AssertionError(complaint);
        }
    }

    private static final class Play implements Runnable {
        private final Script script;

        Play(Script script) {
            this.script = script;
        }

        @Override
        public void run() {
            try {
                script.play();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
