package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Multipath;
import io.mpath.MultipathException;
import io.mpath.Ticker;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Following a machine in virtual time: when it looks, and when it offers what it could not open. */
class DeviceFollowerTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final SimWorld world = SimWorld.seeded(1);
    private final Multipath registry =
            Multipath.builder().environment(world.environment()).build();
    private final Clockwork watch = new Clockwork();
    private final List<DeviceFollower.Present> present = new ArrayList<>();
    private final List<Long> offers = new ArrayList<>();
    private final List<MultipathEvent.PathLeftOut> events = new ArrayList<>();

    @Test
    void machineAtRestIsLookedAtAtSettledIntervals() {
        follow();

        watch.pass(HOUR);

        assertThat(watch.looks).isEqualTo(HOUR.dividedBy(DeviceFollower.SETTLED));
    }

    @Test
    void pathThatIsRefusedIsOfferedAgainAfterPausesThatDouble() {
        stubborn("a", 1);
        follow();

        watch.pass(Duration.ofSeconds(80));

        assertThat(offers).containsExactly(0L, 200L, 600L, 1_400L, 3_000L, 6_200L, 12_600L, 25_400L, 51_000L, 76_600L);
    }

    @Test
    void pathThatIsRefusedForLongCostsOneLookForEachOffer() {
        stubborn("a", 1);
        follow();

        watch.pass(HOUR);

        assertThat(watch.looks).isLessThanOrEqualTo(HOUR.dividedBy(DeviceFollower.SETTLED) + offers.size());
    }

    /** What is due at about one time is offered in one look. */
    @Test
    void pathsThatAreRefusedTogetherShareTheirLooks() {
        for (int i = 0; i < 100; i++) {
            stubborn("path" + i, 1);
        }
        follow();

        watch.pass(HOUR);

        assertThat(watch.looks).isLessThanOrEqualTo(HOUR.dividedBy(DeviceFollower.SETTLED) + offers.size() / 100);
    }

    @Test
    void announcementHurriesTheLookAndNotThePause() {
        stubborn("a", 1);
        follow();
        watch.pass(Duration.ofSeconds(4));
        assertThat(offers).hasSize(5);

        stubborn("b", 1);
        watch.announce();
        watch.announce();
        watch.pass(DeviceFollower.SOON);

        assertThat(offers).hasSize(6).endsWith(4_020L);
        watch.pass(Duration.ofMillis(2_180));
        assertThat(offers).as("of a, at its time").contains(6_200L);
    }

    @Test
    void nextLifeOfADeviceBeginsWithoutAPause() {
        stubborn("a", 1);
        follow();
        watch.pass(Duration.ofSeconds(60));
        int before = offers.size();

        present.clear();
        stubborn("a", 2);
        watch.announce();
        watch.pass(Duration.ofSeconds(1));

        assertThat(offers.subList(before, offers.size())).containsExactly(60_020L, 60_220L, 60_620L);
    }

    @Test
    void whatWasLeftOutIsOfferedAgainOnceItsReasonIsGone() {
        String[] reason = {"dm-multipath has it"};
        leftOut("a", () -> Optional.ofNullable(reason[0]));
        follow();
        watch.pass(Duration.ofMinutes(5));
        assertThat(offers).isEmpty();
        assertThat(whyLeftOut()).isEqualTo("dm-multipath has it");

        reason[0] = "it is zoned";
        watch.pass(Duration.ofSeconds(30));
        assertThat(whyLeftOut()).isEqualTo("it is zoned");
        assertThat(offers).isEmpty();

        reason[0] = null;
        watch.pass(Duration.ofSeconds(30));
        assertThat(offers).hasSize(1);
    }

    /** Offering it again would only leave it out again, and say so each time. */
    @Test
    void whatWasLeftOutIsNotOfferedAgainWhileItsReasonHolds() {
        var asked = new AtomicInteger();
        leftOut("a", () -> {
            asked.incrementAndGet();
            return Optional.of("it has one path");
        });
        follow();
        int first = asked.get();

        watch.pass(HOUR);

        assertThat(events).hasSize(1);
        assertThat(asked.get() - first).isLessThanOrEqualTo((int) HOUR.dividedBy(DeviceFollower.LEFT_OUT));
    }

    private String whyLeftOut() {
        return registry.leftOut().get(0).reason();
    }

    private void follow() {
        registry.listen(event -> {
            if (event instanceof MultipathEvent.PathLeftOut out) {
                events.add(out);
            }
        });
        assertThat(DeviceFollower.begin(() -> List.copyOf(present), Set.of("block"), registry, watch))
                .isNotNull();
        world.runUntilIdle();
    }

    /** A device that never opens. */
    private void stubborn(String name, int life) {
        add(name, life, Optional::empty);
    }

    private void leftOut(String name, Supplier<Optional<String>> notCapable) {
        add(name, 1, notCapable);
    }

    private void add(String name, int life, Supplier<Optional<String>> notCapable) {
        present.add(new DeviceFollower.Present(
                new PathCandidate() {
                    @Override
                    public Optional<String> notCapable() {
                        return notCapable.get();
                    }

                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public String transport() {
                        return "scripted";
                    }

                    @Override
                    public DevicePath open() {
                        offers.add(watch.now / 1_000_000);
                        throw new MultipathException(name + " is held by another");
                    }
                },
                life));
    }

    /** A watch of one watcher, over a clock that stands still while it looks. */
    private final class Clockwork implements DeviceWatch, DeviceWatch.Watch {
        private long now;
        private long due;
        private long interval;
        private long looks;
        private @Nullable Watcher watcher;

        void announce() {
            Objects.requireNonNull(watcher).happened(new Uevent("add", "/devices/x", "block", Map.of()));
        }

        void pass(Duration duration) {
            long end = now + duration.toNanos();
            while (due <= end) {
                now = due;
                due = now + interval;
                looks++;
                Objects.requireNonNull(watcher).look();
                world.runUntilIdle();
            }
            now = end;
        }

        @Override
        public Watch watch(Watcher who, Duration value) {
            watcher = who;
            every(value);
            return this;
        }

        @Override
        public void every(Duration value) {
            interval = value.toNanos();
            due = now + interval;
        }

        @Override
        public Ticker ticker() {
            return () -> now;
        }

        @Override
        public void close() {
            watcher = null;
        }
    }
}
