package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReservationStatusTest {
    private static final String A = "000102030405060708090a0b0c0d0e0f";

    @Test
    void bytesByHand() {
        byte[] bytes = HexFormat.of()
                .parseHex("efbeadde" + "01" + "0100" + "0000" + "01" + "0000" + "0000000000000000" + "00000000" + "0300"
                        + "01" + "0000000000" + "a1a2a3a4a5a6a7a8" + "8877665544332211");
        ReservationStatus status = ReservationStatus.decode(ByteBuffer.wrap(bytes), false);

        assertThat(status.generation()).isEqualTo(0xdeadbeefL);
        assertThat(status.type()).contains(ReservationType.WRITE_EXCLUSIVE);
        assertThat(status.persistsThroughPowerLoss()).isTrue();
        assertThat(status.registrants())
                .containsExactly(new ReservationStatus.RegisteredController(
                        OptionalInt.of(3), true, new ReservationKey(0x1122334455667788L), "a1a2a3a4a5a6a7a8"));
    }

    @Test
    void extendedBytesByHand() {
        String header = "0700000000" + "0100" + "00".repeat(57);
        String entry = "ffff" + "00" + "0000000000" + "8877665544332211" + A + "00".repeat(32);
        byte[] bytes = HexFormat.of().parseHex(header + entry);
        ReservationStatus status = ReservationStatus.decode(ByteBuffer.wrap(bytes), true);

        assertThat(status.generation()).isEqualTo(7);
        assertThat(status.type()).isEmpty();
        assertThat(status.persistsThroughPowerLoss()).isFalse();
        assertThat(status.registrants())
                .containsExactly(new ReservationStatus.RegisteredController(
                        OptionalInt.empty(), false, new ReservationKey(0x1122334455667788L), A));
    }

    @Test
    void everyTypeHasItsNumber() {
        for (int type = 1; type <= 6; type++) {
            ByteBuffer page = ReservationBytes.extended().type(type).page();
            assertThat(ReservationStatus.decode(page, true).type())
                    .contains(List.of(ReservationType.values()).get(type - 1));
        }
        refused(ReservationBytes.extended().type(7).page(), "RTYPE");
    }

    @Test
    void beginningTellsTheLengthOfTheWhole() {
        ByteBuffer beginning = Vectors.zeroes(8).putShort(5, (short) 0xffff);
        assertThat(ReservationStatus.wholeBytes(beginning, true)).isEqualTo(64 + 65_535 * 64);
        assertThat(ReservationStatus.wholeBytes(beginning, false)).isEqualTo(24 + 65_535 * 24);
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> ReservationStatus.wholeBytes(Vectors.zeroes(6), true));
    }

    @Test
    void countThatRunsPastTheEndIsRefused() {
        ByteBuffer page = ReservationBytes.extended().registrant(1, false, 1, A).page();
        refused(page.putShort(5, (short) 2), "REGSTRNT");
        refused(page.putShort(5, (short) 0xffff), "REGSTRNT");
    }

    private static void refused(ByteBuffer page, String field) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> ReservationStatus.decode(page, true))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void capabilitiesAreReadBitByBit() {
        assertThat(new Rescap(0).supported()).isFalse();
        Rescap two = new Rescap(0b0100_0010);
        assertThat(two.types())
                .containsExactly(ReservationType.WRITE_EXCLUSIVE, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        assertThat(two.persistsThroughPowerLoss()).isFalse();
        assertThat(two.ignoresExistingKeyAsSince13()).isFalse();
        assertThat(new Rescap(0x7f).types()).containsExactly(ReservationType.values());
        assertThat(new Rescap(0x81).persistsThroughPowerLoss()).isTrue();
        assertThat(new Rescap(0x81).ignoresExistingKeyAsSince13()).isTrue();
        ByteBuffer page = Vectors.page("nvmet-port1.id-ns").put(31, (byte) 0xff);
        assertThat(IdentifyNamespace.decode(page).reservations()).isEqualTo(new Rescap(0xff));
    }

    @Test
    void notificationIsReadFieldByField() {
        ByteBuffer page = Vectors.zeroes(64)
                .putLong(0, 5)
                .put(8, (byte) 1)
                .put(9, (byte) 255)
                .putInt(12, 0x01020304);
        assertThat(ReservationNotification.decode(page))
                .isEqualTo(new ReservationNotification(
                        5, ReservationNotification.Kind.REGISTRATION_PREEMPTED, 255, 0x01020304));
        assertThat(ReservationNotification.decode(Vectors.zeroes(64)).kind())
                .isEqualTo(ReservationNotification.Kind.NONE);
        assertThat(ReservationNotification.decode(page.put(8, (byte) 2)).kind())
                .isEqualTo(ReservationNotification.Kind.RESERVATION_RELEASED);
        assertThat(ReservationNotification.decode(page.put(8, (byte) 3)).kind())
                .isEqualTo(ReservationNotification.Kind.RESERVATION_PREEMPTED);
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> ReservationNotification.decode(page.put(8, (byte) 4)));
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> ReservationNotification.decode(Vectors.zeroes(63)));
    }

    @Test
    void maskHasABitForEachKind() {
        assertThat(new ReservationNotificationMask(true, false, false).encode()).isEqualTo(0x2);
        assertThat(new ReservationNotificationMask(false, true, false).encode()).isEqualTo(0x4);
        assertThat(new ReservationNotificationMask(false, false, true).encode()).isEqualTo(0x8);
        assertThat(ReservationNotificationMask.decode(0xf1))
                .isEqualTo(new ReservationNotificationMask(false, false, false));
        assertThat(ReservationNotificationMask.decode(0xe))
                .isEqualTo(new ReservationNotificationMask(true, true, true));
    }
}
