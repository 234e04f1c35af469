package io.mpath.internal.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyBlockTest {
    private static final KeyBlock BLOCK = new KeyBlock(new ReservationKey(0xffff_0000_0000_0000L));

    private static ReservationState registered(long... keys) {
        List<Registrant> registrants = Arrays.stream(keys)
                .mapToObj(key -> new Registrant(new ReservationKey(key)))
                .toList();
        return new ReservationState(1, registrants, Optional.empty(), false);
    }

    private static ReservationKey key(int number) {
        return new ReservationKey(BLOCK.host().value() | number);
    }

    @Test
    void hostsKeyLeavesItsLast16BitsToNumbers() {
        assertThat(KeyBlock.fits(BLOCK.host())).isTrue();
        assertThat(KeyBlock.fits(key(1))).isFalse();
    }

    @Test
    void hasKeysWithANumberAndNoOthers() {
        assertThat(BLOCK.has(key(1))).isTrue();
        assertThat(BLOCK.has(key(0xffff))).isTrue();
        assertThat(BLOCK.has(BLOCK.host())).isFalse();
        assertThat(BLOCK.has(new ReservationKey(0xfffe_0000_0000_0001L))).isFalse();
        assertThat(BLOCK.in(registered(key(7).value(), 0x7, BLOCK.host().value())))
                .containsExactly(key(7));
    }

    @Test
    void freeKeyIsTheNextThatNobodyHas() {
        assertThat(BLOCK.free(0, registered())).isEqualTo(key(1));
        assertThat(BLOCK.free(5, registered(key(6).value(), key(7).value()))).isEqualTo(key(8));
        assertThat(BLOCK.free(0xffff, registered())).isEqualTo(key(1));
        assertThat(KeyBlock.number(BLOCK.free(0xfffe, registered(key(0xffff).value()))))
                .isEqualTo(1);
    }

    @Test
    void deviceThatSaysItHasThemAllIsRefused() {
        long[] all = LongStream.rangeClosed(1, 0xffff)
                .map(number -> BLOCK.host().value() | number)
                .toArray();
        assertThatThrownBy(() -> BLOCK.free(0, registered(all))).isInstanceOf(MultipathException.class);
    }
}
