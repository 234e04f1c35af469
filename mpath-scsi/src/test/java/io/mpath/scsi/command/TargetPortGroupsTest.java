package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetPortGroupsTest {
    private static final Set<AluaState> LIO_STATES = Set.of(
            AluaState.TRANSITIONING,
            AluaState.OFFLINE,
            AluaState.UNAVAILABLE,
            AluaState.STANDBY,
            AluaState.NON_OPTIMIZED,
            AluaState.OPTIMIZED);
    private static final List<TargetPortGroup> LIO_GROUPS = List.of(
            new TargetPortGroup(0x10, AluaState.OPTIMIZED, false, LIO_STATES, 0, List.of(0)),
            new TargetPortGroup(0x11, AluaState.NON_OPTIMIZED, false, LIO_STATES, 2, List.of(0)));

    @Test
    void shortFormIsRead() {
        TargetPortGroups data = TargetPortGroups.decode(Vectors.page("lio-tpg16.rtpg"));

        assertThat(data.extended()).isFalse();
        assertThat(data.implicitTransitionSeconds()).isEmpty();
        assertThat(data.groups()).isEqualTo(LIO_GROUPS);
        assertThat(data.group(0x11)).contains(LIO_GROUPS.get(1));
        assertThat(data.group(0x12)).isEmpty();
    }

    @Test
    void extendedFormIsRead() {
        TargetPortGroups data = TargetPortGroups.decode(Vectors.page("lio-tpg16.rtpg-ext"));

        assertThat(data.extended()).isTrue();
        assertThat(data.implicitTransitionSeconds()).isEmpty();
        assertThat(data.groups())
                .containsExactly(
                        LIO_GROUPS.get(0),
                        new TargetPortGroup(0x11, AluaState.NON_OPTIMIZED, false, LIO_STATES, 2, List.of()));
    }

    /** The length that LIO tells is short by the four bytes that the extended header is longer. */
    @Test
    void portBehindTheLengthThatLioTellsIsReadWhenItWasReceived() {
        var received = ByteBuffer.allocate(64)
                .put(Vectors.page("lio-tpg16.rtpg-ext"))
                .putInt(3)
                .rewind();

        assertThat(TargetPortGroups.decode(received).groups().get(1).relativePorts())
                .containsExactly(3);
    }

    @Test
    void deviceThatDoesNotKnowTheExtendedFormReturnsTheShortOne() {
        assertThat(TargetPortGroups.decode(Vectors.page("scsi-debug.rtpg-ext")))
                .isEqualTo(TargetPortGroups.decode(Vectors.page("scsi-debug.rtpg")))
                .isEqualTo(new TargetPortGroups(
                        false,
                        OptionalInt.empty(),
                        List.of(
                                new TargetPortGroup(
                                        0x200,
                                        AluaState.NON_OPTIMIZED,
                                        false,
                                        Set.of(
                                                AluaState.OPTIMIZED,
                                                AluaState.NON_OPTIMIZED,
                                                AluaState.STANDBY,
                                                AluaState.UNAVAILABLE),
                                        0,
                                        List.of(1)),
                                new TargetPortGroup(
                                        0x280,
                                        AluaState.UNAVAILABLE,
                                        false,
                                        Set.of(AluaState.UNAVAILABLE),
                                        0,
                                        List.of(2))),
                        Set.of()));
    }

    @Test
    void transitionTimePreferenceAndAllPortsAreRead() {
        TargetPortGroups data = TargetPortGroups.decode(
                Vectors.bytes("00000014 103c0000" + "80 00 0102 00 01 00 02 00000007 0000ffff"));

        assertThat(data.implicitTransitionSeconds()).hasValue(60);
        assertThat(data.groups())
                .containsExactly(
                        new TargetPortGroup(0x102, AluaState.OPTIMIZED, true, Set.of(), 1, List.of(7, 0xffff)));
    }

    @ParameterizedTest
    @EnumSource(AluaState.class)
    void everyStateIsRead(AluaState state) {
        var data = TargetPortGroups.decode(
                Vectors.bytes("00000008 %02x ff 0001 00000000".formatted(0x80 | state.value())));

        assertThat(data.groups().get(0).state()).isEqualTo(state);
        assertThat(data.groups().get(0).preferred()).isTrue();
        assertThat(data.groups().get(0).supported()).containsExactlyInAnyOrder(AluaState.values());
    }

    @Test
    void noGroupsAreNone() {
        assertThat(TargetPortGroups.decode(Vectors.bytes("00000000")).groups()).isEmpty();
        assertThat(TargetPortGroups.decode(Vectors.bytes("00000004 10050000")).groups())
                .isEmpty();
    }

    @Test
    void lengthIsKnownFromTheHeader() {
        assertThat(TargetPortGroups.lengthOf(Vectors.page("lio-tpg16.rtpg").limit(4)))
                .isEqualTo(32);
        assertThat(TargetPortGroups.lengthOf(Vectors.bytes("ffffffff"))).isEqualTo(0x1_0000_0007L);
    }

    @Test
    void whatIsNoReportSaysWhere() {
        refused("000000", "RETURN DATA LENGTH at byte 0: 4 bytes run past the 3 bytes received");
        refused("ffffffff 00", "RETURN DATA LENGTH at byte 4: 4294967295 bytes run past the 5 bytes received");
        refused("00000008 20cf001000000000", "PARAMETER DATA FORMAT at byte 4: 2 is reserved");
        refused("00000002 1000", "RETURN DATA LENGTH at byte 0: the extended header does not fit in 6 bytes");
        refused("00000008 00cf001000000001", "TARGET PORT COUNT at byte 11: 1 ports run past the data");
        refused("00000008 00cf0010000000ff", "TARGET PORT COUNT at byte 11: 255 ports run past the data");
        refused(
                "00000010 10050000 00cf001000000003 0000000000000000",
                "TARGET PORT COUNT at byte 15: 3 ports run past the data");
        refused("00000004 00cf0010 00000000", "TARGET PORT COUNT at byte 11: 0 ports run past the data");
    }

    /** What is odd of one group says nothing of the others. */
    @Test
    void groupInAReservedStateIsUnclear() {
        TargetPortGroups data = TargetPortGroups.decode(Vectors.bytes("00000010 05cf001000000000 01cf001100000000"));

        assertThat(data.unclear()).containsExactly(0x10);
        assertThat(data.group(0x10)).isEmpty();
        assertThat(data.groups()).extracting(TargetPortGroup::id).containsExactly(0x11);
    }

    @Test
    void groupWithTwoStatesIsUnclearHoweverOftenItIsThere() {
        TargetPortGroups data = TargetPortGroups.decode(
                Vectors.bytes("00000020 00cf001000000000 01cf001000000000 02cf001100000000 00cf001000000000"));

        assertThat(data.unclear()).containsExactly(0x10);
        assertThat(data.groups()).extracting(TargetPortGroup::id).containsExactly(0x11);
    }

    @Test
    void groupThatIsThereTwiceInOneStateIsInThat() {
        TargetPortGroups data = TargetPortGroups.decode(Vectors.bytes("00000010 01cf001000000000 01cf001000000000"));

        assertThat(data.unclear()).isEmpty();
        assertThat(data.groups()).extracting(TargetPortGroup::state).containsExactly(AluaState.NON_OPTIMIZED);
    }

    private static void refused(String hex, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> TargetPortGroups.decode(Vectors.bytes(hex)))
                .withMessage("REPORT TARGET PORT GROUPS data: " + message);
    }
}
