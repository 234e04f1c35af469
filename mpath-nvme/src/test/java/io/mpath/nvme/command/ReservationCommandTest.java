package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.nvme.command.NvmeCommand.Transfer;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Commands of reservations, byte for byte with what the standard's figures say, written by hand. */
class ReservationCommandTest {
    private static final ReservationKey CURRENT = new ReservationKey(0x1122334455667788L);
    private static final ReservationKey OTHER = new ReservationKey(0xa1b2c3d4e5f60718L);
    private static final List<ReservationType> TYPES = List.of(ReservationType.values());
    private static final String CURRENT_BYTES = "8877665544332211";
    private static final String OTHER_BYTES = "1807f6e5d4c3b2a1";

    @Test
    void register() {
        assertEntry(register(ReservationRegister.Action.REGISTER, false), "0d000000 05000000", "00000000");
        assertEntry(register(ReservationRegister.Action.UNREGISTER, false), "0d000000 05000000", "01000000");
        assertEntry(register(ReservationRegister.Action.REPLACE, false), "0d000000 05000000", "02000000");
        assertEntry(register(ReservationRegister.Action.REPLACE, true), "0d000000 05000000", "0a000000");
        assertKeys(register(ReservationRegister.Action.REPLACE, false), CURRENT_BYTES + OTHER_BYTES);
    }

    private static ReservationRegister register(ReservationRegister.Action action, boolean ignoring) {
        return new ReservationRegister(5, action, ignoring, ReservationRegister.Persistence.NO_CHANGE, CURRENT, OTHER);
    }

    @Test
    void registerThatChangesWhatPersists() {
        assertEntry(persisting(ReservationRegister.Persistence.CLEAR), "0d000000 05000000", "00000080");
        assertEntry(persisting(ReservationRegister.Persistence.SET), "0d000000 05000000", "000000c0");
    }

    private static ReservationRegister persisting(ReservationRegister.Persistence persistence) {
        return new ReservationRegister(
                5, ReservationRegister.Action.REGISTER, false, persistence, ReservationKey.NONE, OTHER);
    }

    @Test
    void acquire() {
        assertEntry(acquire(ReservationAcquire.Action.ACQUIRE, 0), "11000000 05000000", "00010000");
        assertEntry(acquire(ReservationAcquire.Action.PREEMPT, 2), "11000000 05000000", "01030000");
        assertEntry(acquire(ReservationAcquire.Action.PREEMPT_AND_ABORT, 5), "11000000 05000000", "02060000");
        assertKeys(acquire(ReservationAcquire.Action.PREEMPT, 1), CURRENT_BYTES + OTHER_BYTES);
    }

    private static ReservationAcquire acquire(ReservationAcquire.Action action, int type) {
        return new ReservationAcquire(5, action, TYPES.get(type), CURRENT, OTHER);
    }

    @Test
    void everyTypeHasItsNumber() {
        String[] numbers = {"01", "02", "03", "04", "05", "06"};
        for (int type = 0; type < numbers.length; type++) {
            assertEntry(
                    acquire(ReservationAcquire.Action.ACQUIRE, type),
                    "11000000 05000000",
                    "00" + numbers[type] + "0000");
        }
    }

    @Test
    void release() {
        var release = ReservationRelease.release(5, ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, CURRENT);
        assertEntry(release, "15000000 05000000", "00040000");
        assertEntry(ReservationRelease.clear(5, CURRENT), "15000000 05000000", "01000000");
        assertKeys(release, CURRENT_BYTES);
        assertKeys(ReservationRelease.clear(5, OTHER), OTHER_BYTES);
    }

    @Test
    void report() {
        assertEntry(new ReservationReport(5, false, 4096), "0e000000 05000000", "ff030000");
        assertEntry(new ReservationReport(5, true, 64), "0e000000 05000000", "0f000000 01000000");
        assertThat(new ReservationReport(5, true, 64).transfer()).isEqualTo(Transfer.TO_HOST);
        assertThat(new ReservationReport(5, true, 64).dataBytes()).isEqualTo(64);
    }

    @Property
    void lengthOfAReportComesBack(@ForAll @IntRange(min = 1, max = Integer.MAX_VALUE / 4) int dwords) {
        ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        new ReservationReport(1, true, 4 * dwords).encode(entry, 0);
        assertThat(Integer.toUnsignedLong(entry.getInt(40)) + 1).isEqualTo(dwords);
    }

    @Property
    void keysComeBack(@ForAll long current, @ForAll long other) {
        for (ReservationChange change : List.of(
                new ReservationRegister(
                        1,
                        ReservationRegister.Action.REPLACE,
                        false,
                        ReservationRegister.Persistence.SET,
                        new ReservationKey(current),
                        new ReservationKey(other)),
                new ReservationAcquire(
                        1,
                        ReservationAcquire.Action.PREEMPT,
                        ReservationType.WRITE_EXCLUSIVE,
                        new ReservationKey(current),
                        new ReservationKey(other)))) {
            ByteBuffer data = ByteBuffer.allocate(16);
            change.encodeKeys(data);
            data.order(ByteOrder.LITTLE_ENDIAN);
            assertThat(data.getLong(0)).isEqualTo(current);
            assertThat(data.getLong(8)).isEqualTo(other);
        }
    }

    @Test
    void fieldsThatDoNotFitAreRefused() {
        refused(() -> new ReservationReport(1, true, 6), "Reservation Report: length");
        refused(() -> new ReservationReport(1, true, 0), "Reservation Report: length");
        refused(() -> new ReservationReport(0, true, 64), "Reservation Report: NSID");
        refused(() -> ReservationRelease.clear(NamespaceIds.ALL, CURRENT), "Reservation Release: NSID");
        refused(
                () -> new ReservationAcquire(
                        0, ReservationAcquire.Action.ACQUIRE, ReservationType.WRITE_EXCLUSIVE, CURRENT, OTHER),
                "Reservation Acquire: NSID");
        refused(
                () -> new ReservationRegister(
                        1L << 32,
                        ReservationRegister.Action.REGISTER,
                        false,
                        ReservationRegister.Persistence.NO_CHANGE,
                        CURRENT,
                        OTHER),
                "Reservation Register: NSID");
        refused(() -> new Rescap(0x100), "Identify Namespace: RESCAP");
    }

    private static void refused(Runnable making, String what) {
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(making::run)
                .withMessageStartingWith(what);
    }

    private static void assertKeys(ReservationChange change, String digits) {
        ByteBuffer data = ByteBuffer.allocate(change.dataBytes() + 3).position(3);
        change.encodeKeys(data);
        assertThat(HexFormat.of().formatHex(data.array())).isEqualTo("000000" + digits);
        assertThat(data.remaining()).isZero();
        assertThat(change.transfer()).isEqualTo(Transfer.TO_CONTROLLER);
    }

    private static void assertEntry(NvmeCommand command, String head, String dwords) {
        ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES);
        command.encode(entry, 0);
        String digits = (head + "00".repeat(32) + dwords).replace(" ", "");
        assertThat(HexFormat.of().formatHex(entry.array())).isEqualTo(digits + "0".repeat(128 - digits.length()));
    }
}
