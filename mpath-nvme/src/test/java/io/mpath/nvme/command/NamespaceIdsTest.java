package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class NamespaceIdsTest {
    private static final int ALL = -1;

    @Test
    void listEndsAtTheFirstZero() {
        NamespaceIds ids = list(1, 3, 7, 0, 9);

        assertThat(ids.stream()).containsExactly(1L, 3L, 7L);
        assertThat(ids.size()).isEqualTo(3);
        assertThat(ids.get(2)).isEqualTo(7);
        assertThat(ids).hasToString("[1, 3, 7]");
    }

    @Test
    void fullListHasNoZero() {
        ByteBuffer page = Vectors.zeroes();
        for (int i = 0; i < NamespaceIds.LIST_SIZE; i++) {
            page.putInt(i * 4, i + 1);
        }

        NamespaceIds ids = NamespaceIds.decodeActiveList(page);

        assertThat(ids.size()).isEqualTo(NamespaceIds.LIST_SIZE);
        assertThat(ids.get(1023)).isEqualTo(1024);
    }

    @Test
    void identifiersAreUnsigned() {
        NamespaceIds ids = list(5, Integer.MIN_VALUE, 0xffff_fffe);

        assertThat(ids.stream()).containsExactly(5L, 0x8000_0000L, 0xffff_fffeL);
        assertThat(ids.contains(0xffff_fffeL)).isTrue();
        assertThat(ids.contains(-2)).isFalse();
    }

    @Test
    void containsWhatIsListedAndNothingElse() {
        NamespaceIds ids = list(2, 4, 6, 8, 10);

        for (long nsid = 0; nsid < 12; nsid++) {
            assertThat(ids.contains(nsid)).isEqualTo(nsid >= 2 && nsid % 2 == 0 && nsid <= 10);
        }
    }

    @Test
    void listThatIsNotAscendingIsRefused() {
        refused(4, 3, 3);
        refused(4, 3, 2);
        refused(4, Integer.MIN_VALUE, 1);
    }

    @Test
    void identifierOfAllNamespacesIsNobodys() {
        refused(0, ALL);
    }

    @Test
    void shortListIsRefused() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> NamespaceIds.decodeActiveList(Vectors.zeroes(4092)));
    }

    @Test
    void equalListsAreEqual() {
        assertThat(list(1, 2))
                .isEqualTo(list(1, 2))
                .hasSameHashCodeAs(list(1, 2))
                .isNotEqualTo(list(1, 3));
    }

    private static NamespaceIds list(int... ids) {
        ByteBuffer page = Vectors.zeroes();
        for (int i = 0; i < ids.length; i++) {
            page.putInt(i * 4, ids[i]);
        }
        return NamespaceIds.decodeActiveList(page);
    }

    private static void refused(long offset, int... ids) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> list(ids))
                .satisfies(e -> assertThat(e.offset()).isEqualTo(offset));
    }
}
