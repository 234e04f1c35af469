package io.mpath.scsi.linux;

import io.mpath.Liveness;
import io.mpath.linux.DeviceWatch;
import io.mpath.linux.Machine;
import io.mpath.linux.Uevent;
import io.mpath.path.PathPort;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all logical units through one life of a nexus share: its port, and one watcher of what happens to it and to them. The kernel
 * announces neither that a session or a remote port is lost nor that a disk is set offline, and what is sent to one that is lost
 * waits in the kernel until that gives it up. So while all is well a look at the nexus is due every second, and at each disk every
 * few; while something is not, ten times a second at the nexus, and at those disks that were away.
 *
 * <p>Threading: any thread. {@code members} and {@code byName} are changed, and {@code watch} is written under the monitor and read without it; {@code last} is written, and {@code
 * settledLooks} used, by the watch's thread. {@code interval} may be written by two threads at once: the next look mends it.
 */
final class NexusLife implements DeviceWatch.Watcher {
    static final Duration SETTLED = Duration.ofSeconds(1);
    static final Duration RESTLESS = Duration.ofMillis(100);

    private static final int SETTLED_LOOKS_FOR_DISKS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(NexusLife.class);

    private final Machine machine;
    private final SysfsNexus sysfs;
    private final PathPort port;
    private final String identity;
    private final Set<LinuxTransport> members = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, Set<LinuxTransport>> byName = new ConcurrentHashMap<>();
    private volatile DeviceWatch.@Nullable Watch watch;
    private volatile Duration interval = SETTLED;
    private final AtomicBoolean hurried = new AtomicBoolean();
    private volatile @Nullable Liveness last = Liveness.LIVE;
    private int settledLooks;

    NexusLife(Machine machine, SysfsNexus sysfs) {
        this.machine = machine;
        this.sysfs = sysfs;
        this.port = sysfs.port();
        this.identity = sysfs.identity();
    }

    SysfsNexus sysfs() {
        return sysfs;
    }

    PathPort port() {
        return port;
    }

    /**
     * Whether it was ended by its target in between, when it was seen not to be live and is live again: between the same ports.
     *
     * <p>The two names and the portal group are compared, and the initiator's session identifier (ISID) where the driver tells it:
     * iSCSI adapters do ({@code qla4xxx}), {@code iscsi_tcp} does not. What is assumed there is that a session object of the kernel
     * keeps its ISID for as long as it lives, because open-iscsi sets it once, when it makes the session, and logs in with the same one
     * each time that it recovers it; a session that is made anew is another object in sysfs, and so another life of the nexus, which
     * this is never asked about. With a daemon that logs a session in again under another ISID, the target would not end the old one,
     * and this would be wrong: nothing in sysfs tells that.
     */
    boolean liveAgainMeansEnded() {
        String now = sysfs.identity();
        return sysfs.loginEndsOldSession() && now.equals(identity) && !now.contains(SysfsNexus.UNREAD);
    }

    /** Tells {@code member} what happens from here on. */
    synchronized void enter(LinuxTransport member) {
        members.add(member);
        for (String name : member.announcedAs()) {
            byName.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet()).add(member);
        }
        if (watch == null) {
            LOG.debug("nexus {} has paths", this);
            interval = SETTLED;
            watch = machine.watch().watch(this, SETTLED);
        }
    }

    synchronized void leave(LinuxTransport member) {
        members.remove(member);
        for (String name : member.announcedAs()) {
            byName.computeIfPresent(name, (key, all) -> all.remove(member) && all.isEmpty() ? null : all);
        }
        DeviceWatch.Watch watching = watch;
        if (members.isEmpty() && watching != null) {
            watch = null;
            watching.close();
        }
    }

    @Nullable
    Liveness liveness() {
        Liveness now = sysfs.liveness();
        if (now != last) {
            // Who asked goes by this, and the next look may find again what the last one found.
            hurry();
        } else if (now != Liveness.LIVE && now != Liveness.DEAD) {
            lookEvery(RESTLESS);
        }
        return now;
    }

    /** A disk is away: it is looked at until it is back. */
    void lookAtTheAway() {
        lookEvery(RESTLESS);
    }

    /** Has a look taken soon at every disk. */
    void hurry() {
        hurried.set(true);
        lookEvery(RESTLESS);
    }

    private void lookEvery(Duration value) {
        DeviceWatch.Watch watching = watch;
        if (watching != null && !value.equals(interval)) {
            interval = value;
            watching.every(value);
        }
    }

    @Override
    public void happened(Uevent uevent) {
        if (uevent.name().equals(sysfs.announcedAs())) {
            look();
        } else if (uevent.subsystem().equals("scsi") || uevent.subsystem().equals("block")) {
            byName.getOrDefault(uevent.name(), Set.of()).forEach(member -> member.happened(uevent));
        }
    }

    /** Whatever a disk was announced to be by now, its unit is asked for: at the pace of the registry, and not all of them at once. */
    @Override
    public void lost() {
        hurried.set(true);
        look();
        members.forEach(LinuxTransport::mayHaveChanged);
    }

    @Override
    public void look() {
        // Before the reading: whoever hurries after it saw something later.
        boolean hasty = hurried.getAndSet(false);
        Liveness now = sysfs.liveness();
        boolean disksAreDue = interval.equals(SETTLED) && settledLooks++ % SETTLED_LOOKS_FOR_DISKS == 0;
        boolean all = hasty || now != last || disksAreDue;
        last = now;
        members.stream()
                .filter(member -> all || (now == Liveness.LIVE && member.wasAway()))
                .forEach(LinuxTransport::look);
        boolean well = now == Liveness.DEAD
                || (now == Liveness.LIVE && members.stream().noneMatch(LinuxTransport::wasAway));
        lookEvery(well && !hurried.get() ? SETTLED : RESTLESS);
    }

    @Override
    public String toString() {
        return sysfs + " (" + sysfs.kind() + ", " + identity + ")";
    }
}
