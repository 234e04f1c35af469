package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The watch over a kernel whose announcements, clock and refusals are the test's; {@code poll} is where the test acts. */
class KernelWatchTest {
    private static final int BELL = 5;
    private static final int SOCKET = 6;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Kernel kernel = new Kernel();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final KernelWatch watch = new KernelWatch(kernel, () -> kernel.now, threads::add);
    private final List<String> told = new ArrayList<>();
    private final DeviceWatch.Watcher watcher = new DeviceWatch.Watcher() {
        @Override
        public void happened(Uevent uevent) {
            told.add(uevent.action() + " " + uevent.name());
        }

        @Override
        public void look() {
            told.add("look at " + kernel.now / 1_000_000);
        }

        @Override
        public void lost() {
            told.add("lost at " + kernel.now / 1_000_000);
        }
    };

    /** Each poll takes the next step of the script; behind the last, the watcher leaves. */
    private void run(Runnable... steps) {
        DeviceWatch.Watch mine = watch.watch(watcher, SECOND);
        kernel.steps.addAll(List.of(steps));
        kernel.atEnd = mine::close;
        threads.remove().run();
        assertThat(kernel.open).as("descriptors left open").isEmpty();
    }

    @Test
    void whatTheKernelAnnouncesIsTold() {
        run(() -> kernel.announce("add", "nvme1"), () -> kernel.announce("remove", "nvme1"));

        assertThat(told).containsExactly("add nvme1", "remove nvme1");
    }

    @Test
    void lookIsDueAfterTheInterval() {
        run(() -> kernel.pass(SECOND), () -> kernel.pass(SECOND.dividedBy(2)), () -> kernel.pass(SECOND.dividedBy(2)));

        assertThat(told).containsExactly("look at 1000", "look at 2000");
        assertThat(kernel.timeouts).startsWith(1000, 1000, 500);
    }

    @Test
    void streamOfAnnouncementsDoesNotKeepALookFromComing() {
        run(() -> {
            kernel.announce("add", "a");
            kernel.pass(SECOND.multipliedBy(2));
        });

        assertThat(told).containsExactly("add a", "look at 2000");
    }

    /** Of which devices, nobody knows: so they are told to every watcher, together with what is still there to hear. */
    @Test
    void lostAnnouncementsAreToldAsLost() {
        run(() -> {
            kernel.messages.add(new Kernel.Message(-Errno.ENOBUFS.number(), "", 0));
            kernel.announce("add", "nvme1");
        });

        assertThat(told).containsExactly("add nvme1", "lost at 0");
    }

    @Test
    void watcherThatAsksNobodyLooksWhenAnnouncementsAreLost() {
        var looking = new DeviceWatch.Watcher() {
            @Override
            public void happened(Uevent uevent) {}

            @Override
            public void look() {
                told.add("the other's look");
            }
        };
        DeviceWatch.Watch other = watch.watch(looking, SECOND);

        run(() -> kernel.messages.add(new Kernel.Message(-Errno.ENOBUFS.number(), "", 0)), other::close);

        assertThat(told).containsExactly("the other's look", "lost at 0");
    }

    @Test
    void roomIsMadeForManyAnnouncements() {
        run();

        assertThat(kernel.room).containsExactly("33: 67108864");
    }

    @Test
    void withoutTheRightToMoreRoomThereIsWhatTheSystemAllows() {
        kernel.mayForce = false;

        run();

        assertThat(kernel.room).containsExactly("33: 67108864", "8: 67108864");
    }

    @Test
    void announcementOfAnotherProcessIsIgnored() {
        run(() -> kernel.messages.add(kernel.message("remove", "nvme1", 4711)));

        assertThat(told).isEmpty();
    }

    @Test
    void withoutAnnouncementsThereAreLooks() {
        kernel.socketResult = -Errno.EPERM.number();

        run(() -> kernel.pass(SECOND));

        assertThat(told).containsExactly("look at 1000");
    }

    @Test
    void socketThatBreaksIsGivenUpForLooks() {
        run(() -> kernel.messages.add(new Kernel.Message(-Errno.EBADF.number(), "", 0)), () -> kernel.pass(SECOND));

        assertThat(told).containsExactly("lost at 0", "look at 1000");
    }

    @Test
    void watcherThatFailsIsToldOfTheNextThing() {
        var failing = new DeviceWatch.Watcher() {
            @Override
            public void happened(Uevent uevent) {
                throw new IllegalStateException("by this test");
            }

            @Override
            public void look() {
                throw new IllegalStateException("by this test");
            }
        };
        DeviceWatch.Watch other = watch.watch(failing, SECOND);

        run(() -> kernel.announce("add", "nvme1"), () -> kernel.pass(SECOND), other::close);

        assertThat(told).containsExactly("add nvme1", "look at 1000");
    }

    /** As when memory is short: nobody would begin another thread, for there is this one. */
    @Test
    void errorOfItsOwnEndsNoWatchAndWhatItMayHaveMissedIsLookedFor() {
        run(
                () -> {
                    throw new OutOfMemoryError("by this test");
                },
                () -> kernel.announce("add", "nvme1"),
                () -> {
                    throw new IllegalStateException("by this test");
                },
                () -> kernel.pass(SECOND));

        assertThat(told).containsExactly("look at 0", "add nvme1", "look at 0", "look at 1000");
    }

    @Test
    void changeOfTheIntervalWakesTheThread() {
        DeviceWatch.Watch[] mine = new DeviceWatch.Watch[1];
        mine[0] = watch.watch(watcher, SECOND);
        kernel.steps.add(() -> mine[0].every(Duration.ofMillis(100)));
        kernel.steps.add(() -> kernel.pass(Duration.ofMillis(100)));
        kernel.atEnd = mine[0]::close;

        threads.remove().run();

        assertThat(told).containsExactly("look at 100");
        assertThat(kernel.rings).isGreaterThanOrEqualTo(3);
    }

    @Test
    void threadEndsWithTheLastWatcherAndAnotherBeginsWithTheNext() {
        run();
        run(() -> kernel.announce("add", "nvme1"));

        assertThat(told).containsExactly("add nvme1");
    }

    @Test
    void watchThatCannotBeginSaysWhy() {
        kernel.bellResult = -Errno.EMFILE.number();

        assertThatThrownBy(() -> watch.watch(watcher, SECOND))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("EMFILE");
    }

    /** The machine's own socket can be opened without rights, or says why not. */
    @Test
    void machineIsWatchedOrSaysWhyNot() {
        Syscalls machine = Syscalls.system();
        try {
            UeventSocket socket = UeventSocket.open(machine);
            assertThat(socket.drain(uevent -> {})).isNotEqualTo(UeventSocket.Heard.NO_MORE);
            socket.close();
        } catch (MultipathException e) {
            assertThat(e).hasMessageContaining("cannot be heard");
        }
    }

    private static final class Kernel extends UnknownCalls {
        final Queue<Runnable> steps = new ArrayDeque<>();
        final Queue<Message> messages = new ArrayDeque<>();
        final List<Integer> timeouts = new ArrayList<>();
        final List<Integer> open = new ArrayList<>();
        final List<String> room = new ArrayList<>();
        Runnable atEnd = () -> {};
        boolean mayForce = true;
        long now;
        int rings;
        int socketResult = SOCKET;
        int bellResult = BELL;

        record Message(int result, String text, int sender) {}

        void pass(Duration time) {
            now += time.toNanos();
        }

        void announce(String action, String name) {
            messages.add(message(action, name, 0));
        }

        Message message(String action, String name, int sender) {
            String text = action + "@/d/" + name + "\0ACTION=" + action + "\0DEVPATH=/d/" + name + "\0SUBSYSTEM=nvme\0";
            return new Message(text.length(), text, sender);
        }

        private int opened(int result) {
            if (result >= 0) {
                open.add(result);
            }
            return result;
        }

        @Override
        public int eventfd(int initial, int flags) {
            return opened(bellResult);
        }

        @Override
        public int socket(int domain, int type, int protocol) {
            return opened(socketResult);
        }

        @Override
        public int setsockopt(int descriptor, int level, int option, long address, int length) {
            assertThat(level).isEqualTo(1);
            room.add(option + ": " + intAt(address));
            return mayForce ? 0 : -Errno.EPERM.number();
        }

        @Override
        public int bind(int descriptor, long address, int length) {
            return 0;
        }

        @Override
        public int close(int descriptor) {
            open.remove((Integer) descriptor);
            return 0;
        }

        @Override
        public long write(int descriptor, long address, long length) {
            assertThat(descriptor).isEqualTo(BELL);
            rings++;
            return length;
        }

        @Override
        public long read(int descriptor, long address, long length) {
            return length;
        }

        @Override
        public int poll(long address, long count, int timeoutMillis) {
            timeouts.add(timeoutMillis);
            Runnable step = steps.poll();
            (step == null ? atEnd : step).run();
            return messages.isEmpty() ? 0 : 1;
        }

        @Override
        public long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength) {
            Message message = messages.poll();
            if (message == null) {
                return -Errno.EAGAIN.number();
            }
            ByteBuffer memory = memoryAt(address);
            memory.put(0, message.text().getBytes(StandardCharsets.UTF_8));
            memory.putInt((int) (source - address) + 4, message.sender());
            return message.result();
        }
    }
}
