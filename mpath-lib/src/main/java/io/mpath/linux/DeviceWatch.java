package io.mpath.linux;

import io.mpath.MultipathException;
import io.mpath.Ticker;
import java.time.Duration;

/**
 * Tells of devices that come, go and change: of what the kernel announces, and, because announcements can be lost or kept from a
 * container, of the moments to look for oneself.
 *
 * <p>Threading: any thread.
 */
public interface DeviceWatch {
    /**
     * This machine's: one daemon thread while there are watchers. Where the kernel's announcements cannot be heard there are only
     * moments to look.
     *
     * @throws MultipathException when JNA is missing
     */
    static DeviceWatch system() {
        return KernelWatch.system();
    }

    /**
     * Begins to tell {@code watcher}.
     *
     * @param interval how long after one look the next is due
     * @throws MultipathException when nothing can be watched
     */
    Watch watch(Watcher watcher, Duration interval);

    /** The time by which looks are due. */
    Ticker ticker();

    /** Told of devices: by one thread at a time, which it must not hold up for longer than it takes to read sysfs. */
    interface Watcher {
        /** The kernel announced this. Of any device: most are of no interest. */
        void happened(Uevent uevent);

        /** It is time to look: the interval has passed. */
        void look();

        /**
         * Announcements were lost, of whichever devices. What a look does not find is to be found out by asking the devices: nobody will
         * announce it again.
         */
        default void lost() {
            look();
        }
    }

    /** One watcher's registration. */
    interface Watch extends AutoCloseable {
        /** From now on, looks are due at this interval, the next one after it has passed. */
        void every(Duration interval);

        /** The watcher is told nothing more, but for what it is being told just now. */
        @Override
        void close();
    }
}
