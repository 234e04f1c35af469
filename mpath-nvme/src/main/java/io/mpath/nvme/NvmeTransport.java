package io.mpath.nvme;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.AsynchronousEvent;
import io.mpath.path.PathPort;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How commands reach one controller: through the kernel's ioctls, into an emulated subsystem, or by a driver of the user's own
 * (Linux: {@code nvme_ctrl_ops}). An {@link NvmeController} makes paths of it.
 *
 * <p>One object stands for one life of a controller at the host: one that was removed and connected anew is another.
 *
 * <p>Threading: any thread. {@link #admin}, {@link #open} and {@link #close} may block, the rest must not.
 */
public interface NvmeTransport {
    /** The port of all paths through this controller; always the same object, named as an administrator knows it. */
    PathPort port();

    /** What it is reached by: {@code pcie}, {@code tcp}, {@code rdma}, {@code fc}, {@code loop}, or what else there is. */
    String kind();

    /**
     * Whether the controller can be given commands now; read anew, where that is cheap (sysfs). Null when that could not be read: it
     * is not used then, as if it were away, but it counts neither as reset nor as live.
     */
    @Nullable
    Liveness liveness();

    /**
     * The keep-alive time-out that the host asked for (KATO), in milliseconds; 0 or empty when there is none, or it is not known.
     * The controller rounds it up, and is asked itself, too.
     */
    OptionalLong keepAliveMillis();

    /**
     * Whether a command that was handed back unanswered is certainly over once the controller is seen {@link Liveness#LIVE}
     * after that: true for PCIe, where it is reset in between and has lost its queues; false over fabrics, where a connection
     * made anew says nothing of what the old one still carries.
     */
    boolean liveAgainMeansReset();

    /** Whether {@link Listener#event} is told of all of the controller's asynchronous events; else the ANA log is polled. */
    boolean tellsEvents();

    /** Tells {@code listener} from here on; one at most. */
    void listen(Listener listener);

    /**
     * Executes an admin command and waits for its end.
     *
     * @param data what it transfers to the controller, from position to limit; null where it transfers none
     * @param timeout after which it is given up
     * @throws NvmeStatusException when the controller answers with another status than success
     * @throws MultipathException when it was not reached, or did not answer; says which controller and why
     */
    AdminResult admin(AdminCommand command, @Nullable ByteBuffer data, Duration timeout);

    /**
     * A way to one namespace.
     *
     * @param nsid the namespace
     * @param blockBytes its logical block size
     * @param judge told how commands end
     * @throws MultipathException when it cannot be opened, saying why
     */
    NamespaceTransport open(long nsid, int blockBytes, CommandJudge judge);

    /** Lets go of the controller; every namespace of it was closed before. */
    void close();

    /** Told of what happens to a controller; by any thread, must not block. */
    interface Listener {
        /** {@link NvmeTransport#liveness} may have changed. */
        void livenessMayHaveChanged();

        /** The host announced that it is connected: anew, for all that its liveness may never have been seen to be another. */
        void connected();

        /** An event came. */
        void event(AsynchronousEvent event);

        /** The size or format of a namespace may have changed: the host was told so, or noticed. */
        void namespaceMayHaveChanged(long nsid);

        /**
         * What {@code namespace}, which {@link NvmeTransport#open} gave, leads to is no longer there, though its controller may
         * be. Final: what comes back under its number is opened anew, and may be already.
         */
        void namespaceGone(NamespaceTransport namespace, String reason);
    }
}
