package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.Fenceable;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DevicePathContractTest {
    private static final int BLOCK = 512;
    private static final Geometry PLAIN = Geometry.of(4096 * BLOCK, BLOCK);
    private static final Geometry ABLE =
            new Geometry(4096 * BLOCK, BLOCK, BLOCK, 64 * BLOCK, 64 * BLOCK, 64 * BLOCK, BLOCK, false, false);

    private final SimWorld world = SimWorld.seeded(1);
    private final SimPort port = SimPort.in(world, new PathPort("port"));

    private SimPath path(Geometry geometry) {
        return new SimPath("path", port, new SimDisk(DeviceId.named("disk"), geometry));
    }

    private List<String> check(Supplier<PathCandidate> candidates) {
        return DevicePathContract.check(candidates, ContractDriver.in(world));
    }

    private List<String> violations(Function<SimPath, FlawedPath> flaw) {
        return check(() -> flaw.apply(path(ABLE)));
    }

    private List<String> violationsOfScript(SimAnswer answer) {
        return check(() -> path(ABLE).answer(answer));
    }

    @Test
    void soundPathsKeepTheContract() {
        assertThat(check(() -> path(PLAIN))).isEmpty();
        assertThat(check(() -> path(ABLE))).isEmpty();
        assertThat(check(() -> path(ABLE)
                        .latency(Duration.ofNanos(10_000), Duration.ofMillis(1))
                        .capacity(16)))
                .isEmpty();
        assertThat(check(() -> path(ABLE).answer(SimAnswer.succeed().inSubmit())))
                .isEmpty();
    }

    @Test
    void soundFlawedPathKeepsTheContract() {
        assertThat(violations(FlawedPath::new)).isEmpty();
    }

    @Test
    void soundPathOnRealThreadsKeepsTheContract() {
        Environment system = Environment.system();
        try {
            var disk = new SimDisk(DeviceId.named("disk"), ABLE);
            var real = SimPort.inRealTime(new PathPort("real"));
            assertThatCode(() -> DevicePathContract.verify(
                            () -> new SimPath("path", real, disk)
                                    .latency(Duration.ofNanos(50_000))
                                    .capacity(16),
                            ContractDriver.inRealTime(system)))
                    .doesNotThrowAnyException();
        } finally {
            system.stop().run();
        }
    }

    @Test
    void verifyListsWhatIsWrong() {
        assertThatThrownBy(() -> DevicePathContract.verify(
                        () -> path(ABLE).answer(SimAnswer.succeed().twice()), ContractDriver.in(world)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended 2 times");
    }

    @Test
    void requestThatNeverEndsIsCaught() {
        assertThat(violationsOfScript(SimAnswer.hang())).anyMatch(line -> line.contains("does not end"));
    }

    @Test
    void requestThatEndsTwiceIsCaught() {
        assertThat(violationsOfScript(SimAnswer.succeed().twice())).anyMatch(line -> line.contains("ended 2 times"));
    }

    @Test
    void throwingSubmitIsCaught() {
        assertThat(violationsOfScript(SimAnswer.breakContract())).anyMatch(line -> line.contains("threw"));
    }

    @Test
    void strangeTagIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        io.complete(io.tag() + 1);
                        return super.submit(queue, io);
                    }
                }))
                .anyMatch(line -> line.contains("tag that is not its own"));
    }

    @Test
    void movedBufferIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.bufferCount() > 0) {
                            io.buffer(0).position(io.buffer(0).limit());
                        }
                        return super.submit(queue, io);
                    }
                }))
                .anyMatch(line -> line.contains("position or limit"));
    }

    @Test
    void dataOutsideABufferIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() == IoOperation.READ) {
                            io.buffer(0).duplicate().clear().put(0, (byte) 1);
                        }
                        return super.submit(queue, io);
                    }
                }))
                .anyMatch(line -> line.contains("outside its data"));
    }

    @Test
    void bufferTouchedAfterTheEndIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() == IoOperation.READ) {
                            ByteBuffer buffer = io.buffer(0);
                            world.thread("dma")
                                    .schedule(Duration.ofMillis(1), () -> buffer.put(buffer.position(), (byte) 1));
                        }
                        return super.submit(queue, io);
                    }
                }))
                .anyMatch(line -> line.contains("changed after"));
    }

    @Test
    void lostWriteIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() != IoOperation.WRITE) {
                            return super.submit(queue, io);
                        }
                        io.complete(io.tag());
                        return true;
                    }
                }))
                .anyMatch(line -> line.startsWith("what is written is read back") && line.contains("other data"));
    }

    @Test
    void ignoredScatterListIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() != IoOperation.READ || io.bufferCount() == 1) {
                            return super.submit(queue, io);
                        }
                        io.complete(io.tag());
                        return true;
                    }
                }))
                .singleElement()
                .asString()
                .startsWith("data may be scattered");
    }

    @Test
    void blockingSubmitIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        world.advance(Duration.ofSeconds(2));
                        return super.submit(queue, io);
                    }
                }))
                .anyMatch(line -> line.contains("blocked for"));
    }

    @Test
    void refusalWithoutWordOfRoomIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound.capacity(1)) {
                    @Override
                    public void attach(PathControl control) {
                        super.attach(new ProbeControl(world.environment()));
                        control.ready();
                    }
                }))
                .anyMatch(line -> line.startsWith("room is told of") && line.contains("never tells of room"));
    }

    @Test
    void refusedRequestThatEndsIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound.capacity(1)) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        boolean taken = super.submit(queue, io);
                        if (!taken) {
                            io.complete(io.tag());
                        }
                        return taken;
                    }
                }))
                .anyMatch(line -> line.contains("although it was refused"));
    }

    @Test
    void untypedInabilityIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() != IoOperation.PASSTHROUGH) {
                            return super.submit(queue, io);
                        }
                        io.fail(io.tag(), PathFailure.failOver(Certainty.TERMINATED, "errno 25"));
                        return true;
                    }
                }))
                .singleElement()
                .asString()
                .startsWith("what it cannot do is unsupported")
                .contains("not UNSUPPORTED");
    }

    @Test
    void compareAndWriteThatDoesNotCompareIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (io.operation() != IoOperation.COMPARE_AND_WRITE) {
                            return super.submit(queue, io);
                        }
                        io.complete(io.tag());
                        return true;
                    }
                }))
                .anyMatch(line -> line.startsWith("compare-and-write compares"));
    }

    @Test
    void endOutsideOfPollIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    public PathQueue openQueue(QueueKind kind) {
                        return super.openQueue(QueueKind.SHARED);
                    }
                }))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("a confined queue") && line.contains("outside submit and poll"));
    }

    @Test
    void requestServedAfterCloseIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    private boolean closed;

                    @Override
                    public void close(Runnable whenClosed) {
                        closed = true;
                        super.close(whenClosed);
                    }

                    @Override
                    boolean submit(PathQueue queue, PathIo io) {
                        if (!closed) {
                            return super.submit(queue, io);
                        }
                        io.complete(io.tag());
                        return true;
                    }
                }))
                .anyMatch(line -> line.contains("request after close"));
    }

    @Test
    void closingBeforeTheLastRequestIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound.latency(Duration.ofMillis(1))) {
                    @Override
                    public void close(Runnable closed) {
                        super.close(() -> {});
                        closed.run();
                    }
                }))
                .anyMatch(line -> line.contains("closing ended before"));
    }

    @Test
    void closingThatEndsTwiceOrNeverIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    public void close(Runnable closed) {
                        super.close(closed);
                        closed.run();
                    }
                }))
                .anyMatch(line -> line.contains("closing ended 2 times"));
        assertThat(violations(sound -> new FlawedPath(sound) {
                    @Override
                    public void close(Runnable closed) {
                        super.close(() -> {});
                    }
                }))
                .anyMatch(line -> line.contains("closing does not end"));
    }

    @Test
    void unstableDescriptionIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    private int times;

                    @Override
                    public PathDescription describe() {
                        times++;
                        return new PathDescription(DeviceId.named("disk " + times), ABLE);
                    }
                }))
                .singleElement()
                .asString()
                .startsWith("description is stable");
    }

    @Test
    void deviceThatRefusesItsFirstCommandsKeepsTheContract() {
        assertThat(check(() -> path(ABLE).next(3, SimAnswer.fail(PathFailure.retry(1_000_000, "was reset")))))
                .isEmpty();
    }

    @Test
    void descriptionThatDoesNotBearClosingIsCaught() {
        assertThat(violations(sound -> new FlawedPath(sound) {
                    private volatile boolean closed;

                    @Override
                    public PathDescription describe() {
                        if (closed) {
                            throw new IllegalStateException("no descriptor");
                        }
                        return super.describe();
                    }

                    @Override
                    public void close(Runnable then) {
                        closed = true;
                        super.close(then);
                    }
                }))
                .anyMatch(line -> line.contains("its description threw"));
    }

    /** A path that says of itself what no path may. */
    private static final class Boasting extends FlawedPath implements Checkable, Fenceable {
        Boasting(SimPath sound) {
            super(sound);
        }

        @Override
        public void check(CheckDone done) {
            done.done(true, "always");
            done.done(true, "again");
        }

        @Override
        public long holdNanos() {
            return -1;
        }
    }

    @Test
    void checkOfAClosedPathThatAnswersWellOrTwiceIsCaught() {
        assertThat(violations(Boasting::new))
                .anyMatch(line -> line.contains("its check says works"))
                .anyMatch(line -> line.contains("its check answered [always, again]"));
    }

    @Test
    void holdThatIsNoTimeIsCaught() {
        assertThat(violations(Boasting::new)).anyMatch(line -> line.contains("its hold is -1 ns"));
    }

    /** A path that answers reservation commands as {@code answers} does. */
    private List<String> violationsOfReplies(BiConsumer<Boolean, Consumer<ReservationReply>> answers) {
        final class Replying extends FlawedPath implements Reservable {
            private volatile boolean closed;

            Replying(SimPath sound) {
                super(sound);
            }

            @Override
            public boolean reservesPerNexus() {
                return true;
            }

            @Override
            public void reserve(ReservationCommand command, Consumer<ReservationReply> done) {
                answers.accept(closed, done);
            }

            @Override
            public void close(Runnable whenClosed) {
                closed = true;
                super.close(whenClosed);
            }
        }
        return violations(Replying::new);
    }

    @Test
    void pathToADeviceWithoutReservationsKeepsTheContract() {
        assertThat(violationsOfReplies((closed, done) -> done.accept(
                        closed
                                ? new ReservationReply.NotExecuted("closed")
                                : new ReservationReply.Unsupported("none"))))
                .isEmpty();
    }

    @Test
    void reservationCommandThatIsAnsweredTwiceOrNeverIsCaught() {
        assertThat(violationsOfReplies((closed, done) -> {
                    done.accept(new ReservationReply.Unsupported("none"));
                    done.accept(new ReservationReply.Unsupported("again"));
                }))
                .anyMatch(line -> line.startsWith("a reservation command is answered once")
                        && line.contains("is answered [Unsupported"))
                .anyMatch(line -> line.contains("a command under way at close is answered [Unsupported"));
        assertThat(violationsOfReplies((closed, done) -> {}))
                .anyMatch(line -> line.contains("Read[] is not answered"))
                .anyMatch(line -> line.contains("is not answered while it is closed"));
    }

    @Test
    void answerToAnotherReservationCommandIsCaught() {
        assertThat(violationsOfReplies((closed, done) -> done.accept(new ReservationReply.Done())))
                .anyMatch(line -> line.contains("what is reserved is answered Done"))
                .anyMatch(line -> line.contains("what it can reserve is answered Done"));
    }

    @Test
    void reservationCommandExecutedAfterCloseIsCaught() {
        assertThat(violationsOfReplies((closed, done) -> done.accept(new ReservationReply.Unsupported("none"))))
                .singleElement()
                .asString()
                .startsWith("a closed path executes no reservation command")
                .contains("after close");
    }

    @Test
    void failureWithoutCauseIsCaught() {
        assertThat(violationsOfScript(SimAnswer.fail(PathFailure.fail(IoStatus.TARGET_ERROR, " "))))
                .anyMatch(line -> line.contains("without a cause"));
    }

    @Test
    void pathThatNeverGetsReadyIsCaught() {
        assertThat(check(() -> path(ABLE).notReady("asleep")))
                .allMatch(line -> line.contains("never reports that it is ready"));
    }
}
