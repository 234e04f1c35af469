package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.mpath.path.PathPort;
import io.mpath.path.PathPort.Timeouts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot be meant: each names itself and its value. */
class ConfigurationTest {
    private static final DeviceSettings DEFAULTS = DeviceSettings.defaults();
    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration ABSURD = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration ABSURDLY_NEGATIVE = Duration.ofSeconds(Long.MIN_VALUE);

    private static final Map<String, Consumer<Duration>> MAY_BE_ZERO = Map.of(
            "removal delay",
            DEFAULTS::withDelayedRemoval,
            "close time-out",
            DEFAULTS::withCloseTimeout,
            "check interval",
            DEFAULTS::withCheckInterval,
            "slow floor",
            value -> MarginalPolicy.defaults().withSlow(10, value),
            "hang",
            MarginalPolicy.defaults()::withHang,
            "reconnect delay",
            value -> new Timeouts(value, Duration.ZERO, Duration.ZERO),
            "fast-fail time-out",
            value -> new Timeouts(Duration.ZERO, value, Duration.ZERO),
            "loss time-out",
            value -> new Timeouts(Duration.ZERO, Duration.ZERO, value));

    private static final Map<String, Consumer<Duration>> MUST_BE_POSITIVE = Map.of(
            "no-path wait", NoPathPolicy::queueFor,
            "window of failures and flaps", MarginalPolicy.defaults()::withWindow,
            "shortest quiet time", value -> MarginalPolicy.defaults().withQuiet(value, ABSURD),
            "request time-out", DEFAULTS::withRequestTimeout,
            "I/O time-out", DEFAULTS::withIoTimeout);

    @Test
    void negativeDurationIsRefusedEverywhere() {
        MAY_BE_ZERO.forEach(ConfigurationTest::assertRefusesNegative);
        MUST_BE_POSITIVE.forEach(ConfigurationTest::assertRefusesNegative);
        assertRefusesNegative(
                "request time-out", value -> IoRequest.create().flush().timeout(value));
    }

    @Test
    void zeroIsRefusedWhereItMeansNothing() {
        MUST_BE_POSITIVE.forEach((what, setter) -> assertNames(what, "PT0S", () -> setter.accept(Duration.ZERO)));
        assertNames("request time-out", "PT0S", () -> IoRequest.create().flush().timeout(Duration.ZERO));
    }

    /** Negative control, and the other end: nothing overflows. */
    @Test
    void zeroElsewhereAndTheLongestDurationAreTaken() {
        MAY_BE_ZERO.forEach((what, setter) -> {
            assertThatCode(() -> setter.accept(Duration.ZERO)).as(what).doesNotThrowAnyException();
            assertThatCode(() -> setter.accept(ABSURD)).as(what).doesNotThrowAnyException();
        });
        MUST_BE_POSITIVE.forEach((what, setter) ->
                assertThatCode(() -> setter.accept(ABSURD)).as(what).doesNotThrowAnyException());
        assertThat(NoPathPolicy.queueFor(ABSURD)).isEqualTo(NoPathPolicy.queueForever());
    }

    /** A device whose every duration is absurd works, and closes. */
    @Test
    void absurdDurationsWork() {
        var settings = DEFAULTS.withDelayedRemoval(ABSURD)
                .withRequestTimeout(ABSURD)
                .withIoTimeout(ABSURD)
                .withCloseTimeout(ABSURD)
                .withCheckInterval(ABSURD)
                .withMarginal(MarginalPolicy.defaults()
                        .withWindow(ABSURD)
                        .withSlow(Integer.MAX_VALUE, ABSURD)
                        .withHang(ABSURD)
                        .withQuiet(ABSURD, ABSURD))
                .withNoPath(NoPathPolicy.queueFor(Duration.ofNanos(Long.MAX_VALUE - 1)));
        var bench = new DataPathBench(1, settings);
        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        IoFuture read = bench.device.read(0, DataPathBench.room(1));
        bench.runFor(Duration.ofHours(1));
        assertThat(read).isNotDone();
        bench.array.port("p0").putBack();
        bench.runUntilIdle();
        assertThat(read).isCompleted();
        bench.world.await(bench.registry.closeAsync());
    }

    @Test
    void negativeRemovalDelayOfARunningDeviceIsRefused() {
        var bench = new DataPathBench(1);
        assertNames("removal delay", "PT-0.000000001S", () -> bench.device.delayedRemoval(NEGATIVE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, (1 << 20) + 1, Integer.MAX_VALUE})
    void numberOfRequestsOutOfItsRangeIsRefused(int value) {
        assertNames("requests in flight", String.valueOf(value), () -> DEFAULTS.withMaxInFlight(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void numbersOfFailuresAndFlapsOutOfTheirRangeAreRefused(int value) {
        MarginalPolicy policy = MarginalPolicy.defaults();
        assertNames("failures", String.valueOf(value), () -> policy.withFailures(value));
        assertNames("flaps", String.valueOf(value), () -> policy.withFlaps(value));
        assertThat(policy.withFailures(100).withFlaps(0)).isNotEqualTo(policy);
    }

    @Test
    void quietTimesInTheWrongOrderAreRefused() {
        assertNames(
                "longest quiet time",
                "PT1M",
                () -> MarginalPolicy.defaults().withQuiet(Duration.ofMinutes(2), Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 20})
    void numberOfRequestsAtTheEndsOfItsRangeIsTaken(int value) {
        assertThat(DEFAULTS.withMaxInFlight(value).maxInFlight()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 128})
    void stripesAreAPowerOfTwoUpTo64(int stripes) {
        Environment world = io.mpath.sim.SimWorld.seeded(1).environment();
        assertNames(
                "stripes",
                String.valueOf(stripes),
                () -> new Environment(
                        world.ticker(),
                        world.timers(),
                        world.loop(),
                        world.entropy(),
                        world.completions(),
                        world.blocking(),
                        world.numa(),
                        stripes,
                        world.stop()));
    }

    @ParameterizedTest
    @CsvSource({
        "20, 0, 10, reconnect delay of PT20S, loss time-out of PT10S",
        "20, 10, 0, fast-fail time-out of PT10S, reconnect delay of PT20S",
        "20, 10, 60, fast-fail time-out of PT10S, reconnect delay of PT20S",
        "1, 30, 20, fast-fail time-out of PT30S, loss time-out of PT20S",
        "0, 30, 20, fast-fail time-out of PT30S, loss time-out of PT20S",
    })
    void timeoutsThatContradictEachOtherAreBothNamed(
            long reconnect, long fastFail, long loss, String one, String other) {
        assertNames(one, other, () -> timeouts(reconnect, fastFail, loss));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "10, 10, 10", "10, 0, 60", "10, 30, 0", "0, 5, 60", "60, 0, 0"})
    void timeoutsThatGoTogetherAreTaken(long reconnect, long fastFail, long loss) {
        assertThatCode(() -> timeouts(reconnect, fastFail, loss)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1000 | 512 | 512 | 512 | 0 | 0 | 0 | size of 1000 bytes",
                "0 | 512 | 512 | 512 | 0 | 0 | 0 | size of 0 bytes",
                "-512 | 512 | 512 | 512 | 0 | 0 | 0 | size of -512 bytes",
                "1024 | 256 | 512 | 512 | 0 | 0 | 0 | logical block size 256",
                "1024 | 131072 | 131072 | 131072 | 0 | 0 | 0 | logical block size 131072",
                "1024 | 520 | 520 | 520 | 0 | 0 | 0 | logical block size 520",
                "4096 | 4096 | 512 | 4096 | 0 | 0 | 0 | physical block size 512",
                "1024 | 512 | 700 | 512 | 0 | 0 | 0 | physical block size 700",
                "1024 | 512 | 512 | 0 | 0 | 0 | 0 | largest transfer of 0",
                "1024 | 512 | 512 | 700 | 0 | 0 | 0 | largest transfer of 700",
                "1024 | 512 | 512 | 512 | -512 | 0 | 0 | largest discard of -512",
                "1024 | 512 | 512 | 512 | 700 | 0 | 0 | largest discard of 700",
                "1024 | 512 | 512 | 512 | 0 | 1 | 0 | largest write-zeroes of 1",
                "1024 | 512 | 512 | 512 | 0 | 0 | 100 | largest compare-and-write of 100",
            })
    void geometryNamesTheParameterThatBreaksIt(
            long size, int logical, int physical, int transfer, long discard, long zeroes, int compare, String named) {
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(
                        () -> new Geometry(size, logical, physical, transfer, discard, zeroes, compare, false, false))
                .withMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "naa",
                "naa.",
                "naa.123",
                "naa.12345678901234",
                "naa.xyz",
                "wwn.5000",
                "eui.0011",
                "name.",
                "uuid.12-34"
            })
    void textThatIsNoIdentityIsQuoted(String text) {
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> DeviceId.parse(text))
                .satisfies(thrown -> assertThat(thrown.getMessage()).containsAnyOf("'" + text + "'", "cannot have"));
    }

    @Test
    void identityOfTheWrongLengthOrOfZeroesIsRefused() {
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> DeviceId.of(DeviceId.Type.NAA, new byte[7]))
                .withMessageContaining("naa.")
                .withMessageContaining("7 bytes");
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> DeviceId.of(DeviceId.Type.NGUID, new byte[16]))
                .withMessageContaining("all zeroes");
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> DeviceId.named("x".repeat(257)))
                .withMessageContaining("257 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "naa.600140512345678990abcdef01234567",
                "naa.5000c500a1b2c3d4",
                "eui.0025385b71b00001",
                "nguid.00112233445566778899aabbccddeeff",
                "uuid.12345678-9abc-def0-1234-56789abcdef0",
                "t10.ATA     disk",
                "name.a b c",
            })
    void printedIdentityIsReadBack(String text) {
        DeviceId id = DeviceId.parse(text);
        assertThat(id).hasToString(text);
        assertThat(DeviceId.of(id.type(), id.bytes())).isEqualTo(id).hasSameHashCodeAs(id);
    }

    @Test
    void identityKeepsItsBytesToItself() {
        byte[] bytes = "mine".getBytes(StandardCharsets.UTF_8);
        DeviceId id = DeviceId.of(DeviceId.Type.NAME, bytes);
        bytes[0] = 'f';
        id.bytes()[0] = 'f';
        assertThat(id).hasToString("name.mine");
    }

    @Test
    void nullSettingsThrowWhereTheyAreGiven() {
        assertThatNullPointerException()
                .isThrownBy(() -> DEFAULTS.withPolicy(null))
                .withMessage("policy");
        assertThatNullPointerException()
                .isThrownBy(() -> DEFAULTS.withNoPath(null))
                .withMessage("no-path policy");
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withRequestTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withIoTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withCloseTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> DEFAULTS.withDelayedRemoval(null));
        assertThatNullPointerException().isThrownBy(() -> Multipath.builder().settings(null));
        assertThatNullPointerException().isThrownBy(() -> Multipath.builder().admission(null));
        assertThatNullPointerException().isThrownBy(() -> Multipath.builder().environment(null));
        assertThatNullPointerException()
                .isThrownBy(() -> Admission.capable().withMode(null))
                .withMessage("mode");
        assertThatNullPointerException().isThrownBy(() -> Admission.capable().and(null));
        assertThatNullPointerException().isThrownBy(() -> new PathPort(null)).withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> new PathPort("p", 0, null))
                .withMessage("timeouts");
    }

    private static Timeouts timeouts(long reconnect, long fastFail, long loss) {
        return new Timeouts(Duration.ofSeconds(reconnect), Duration.ofSeconds(fastFail), Duration.ofSeconds(loss));
    }

    private static void assertRefusesNegative(String what, Consumer<Duration> setter) {
        assertNames(what, NEGATIVE.toString(), () -> setter.accept(NEGATIVE));
        assertNames(what, ABSURDLY_NEGATIVE.toString(), () -> setter.accept(ABSURDLY_NEGATIVE));
    }

    private static void assertNames(
            String what, String value, org.assertj.core.api.ThrowableAssert.ThrowingCallable setter) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(setter)
                .withMessageContaining(what)
                .withMessageContaining(value);
    }
}
