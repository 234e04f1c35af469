package io.mpath.nvme.command;

import static io.mpath.nvme.command.AnaState.CHANGE;
import static io.mpath.nvme.command.AnaState.INACCESSIBLE;
import static io.mpath.nvme.command.AnaState.NON_OPTIMIZED;
import static io.mpath.nvme.command.AnaState.OPTIMIZED;
import static io.mpath.nvme.command.AnaState.PERSISTENT_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnaLogTest {
    private static final long MAX_GROUP = 128;

    @Test
    void nvmetPortOneIsOptimizedAndPortTwoIsNot() {
        AnaLog one = AnaLog.decode(Vectors.page("nvmet-port1.ana-log"), MAX_GROUP);
        AnaLog two = AnaLog.decode(Vectors.page("nvmet-port2.ana-log"), MAX_GROUP);

        assertThat(one.changeCount()).isEqualTo(1);
        assertThat(one.groups()).singleElement().satisfies(group -> {
            assertThat(group.id()).isEqualTo(1);
            assertThat(group.changeCount()).isEqualTo(1);
            assertThat(group.state()).isEqualTo(OPTIMIZED);
            assertThat(group.namespaces().stream()).containsExactly(1L);
        });
        assertThat(two.groups()).extracting(AnaGroup::state).containsExactly(NON_OPTIMIZED);
    }

    @Test
    void everyStateHasItsCode() {
        ByteBuffer page = new AnaLogBytes(9)
                .group(1, 0x1, 1)
                .group(2, 0x2, 2)
                .group(3, 0x3, 3)
                .group(4, 0x4, 4)
                .group(5, 0xf, 5)
                .page();

        assertThat(AnaLog.decode(page, MAX_GROUP).groups())
                .extracting(AnaGroup::state)
                .containsExactly(OPTIMIZED, NON_OPTIMIZED, INACCESSIBLE, PERSISTENT_LOSS, CHANGE);
    }

    @Test
    void reservedHalfOfTheStateIsNotLookedAt() {
        ByteBuffer page = new AnaLogBytes(1).group(1, 0xa2).page();

        assertThat(AnaLog.decode(page, MAX_GROUP).groups())
                .extracting(AnaGroup::state)
                .containsExactly(NON_OPTIMIZED);
    }

    @Test
    void stateThatMeansNothingIsRefused() {
        for (int state : new int[] {0, 5, 0xe}) {
            refused(new AnaLogBytes(1).group(1, state, 1).page(), "AGSTATE", 32);
        }
    }

    @Test
    void groupsMayBeEmptyAndSoMayTheLog() {
        assertThat(AnaLog.decode(new AnaLogBytes(7).page(), MAX_GROUP).groups()).isEmpty();
        assertThat(AnaLog.decode(new AnaLogBytes(7).group(1, 1).page(), MAX_GROUP)
                        .groups()
                        .get(0)
                        .namespaces()
                        .size())
                .isZero();
    }

    @Test
    void changeCountsAreBitsAndMayBeAnything() {
        AnaLog log = AnaLog.decode(new AnaLogBytes(-1).group(1, 1).page(), MAX_GROUP);

        assertThat(log.changeCount()).isEqualTo(-1);
    }

    @Test
    void groupNumbersAreAscendingFromOneToTheMaximum() {
        refused(new AnaLogBytes(1).group(0, 1).page(), "AGID", 16);
        refused(new AnaLogBytes(1).group(129, 1).page(), "AGID", 16);
        refused(new AnaLogBytes(1).group(2, 1).group(2, 1).page(), "AGID", 48);
        refused(new AnaLogBytes(1).group(2, 1).group(1, 1).page(), "AGID", 48);
        assertThat(AnaLog.decode(new AnaLogBytes(1).group(128, 1).page(), MAX_GROUP)
                        .groups())
                .hasSize(1);
    }

    @Test
    void groupNumberIsUnsigned() {
        assertThat(AnaLog.decode(new AnaLogBytes(1).group(-1, 1).page(), 0xffff_ffffL)
                        .groups()
                        .get(0)
                        .id())
                .isEqualTo(0xffff_ffffL);
        refused(new AnaLogBytes(1).group(-1, 1).page(), "AGID", 16);
    }

    @Test
    void hugeNumberOfNamespacesDoesNotWrap() {
        // Times four, and with the header of 32 bytes, these come to 0, 28, and a small number in 32 bits.
        for (int nnsids : new int[] {0x4000_0000, -1, 0x3fff_fff8, 0x8000_0000, 2}) {
            refused(new AnaLogBytes(1).groupThatSays(nnsids, 1, 1, 1).page(), "namespace identifier", 48);
        }
    }

    @Test
    void moreGroupsThanThereAreBytesIsRefused() {
        refused(new AnaLogBytes(1).group(1, 1, 1).page(2), "AGID", 52);
        refused(new AnaLogBytes(1).group(1, 1, 1).page(0xffff), "AGID", 52);
    }

    @Test
    void namespaceInTwoGroupsIsRefused() {
        refused(new AnaLogBytes(1).group(1, 1, 1, 5).group(2, 3, 5, 6).page(), "NSID", 16);
    }

    @Test
    void namespacesOfAGroupAreAscending() {
        refused(new AnaLogBytes(1).group(1, 1, 5, 4).page(), "namespace identifier", 52);
        refused(new AnaLogBytes(1).group(1, 1, 0).page(), "namespace identifier", 48);
    }

    @Test
    void bytesBehindTheLastGroupAreNotLookedAt() {
        ByteBuffer page = new AnaLogBytes(1).group(1, 1, 1).group(0, 0, 0).page(1);

        assertThat(AnaLog.decode(page, MAX_GROUP).groups()).hasSize(1);
    }

    @Test
    void headerTellsWhetherAnythingChanged() {
        assertThat(AnaLogHeader.decode(Vectors.page("nvmet-port1.ana-log"))).isEqualTo(new AnaLogHeader(1, 1));
        assertThatExceptionOfType(PageFormatException.class).isThrownBy(() -> AnaLogHeader.decode(Vectors.zeroes(15)));
    }

    @Test
    void tenThousandNamespacesKeepTheirGroups() {
        var bytes = new AnaLogBytes(1);
        for (int group = 1; group <= 100; group++) {
            int first = group;
            bytes.group(
                    group, 1, IntStream.range(0, 100).map(i -> first + i * 100).toArray());
        }

        AnaLog log = AnaLog.decode(bytes.page(), MAX_GROUP);

        assertThat(log.groups()).hasSize(100).allSatisfy(group -> {
            assertThat(group.namespaces().size()).isEqualTo(100);
            assertThat(group.namespaces().stream()).allMatch(nsid -> (nsid - group.id()) % 100 == 0);
        });
    }

    private static void refused(ByteBuffer page, String field, long offset) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> AnaLog.decode(page, MAX_GROUP))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.offset()).isEqualTo(offset);
                });
    }
}
