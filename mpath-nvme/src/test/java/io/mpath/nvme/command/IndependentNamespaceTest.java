package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class IndependentNamespaceTest {
    @Test
    void everyFieldIsReadFromItsOwnBytes() {
        ByteBuffer page = Vectors.zeroes()
                .put(0, (byte) 0x30)
                .put(1, (byte) 1)
                .put(2, (byte) 0x7f)
                .putInt(4, -1);
        page.put(8, (byte) 1).putShort(10, (short) 2).putShort(12, (short) 3).put(14, (byte) 1);

        var namespace = IndependentNamespace.decode(page);

        assertThat(namespace).isEqualTo(new IndependentNamespace(0x30, 1, 0x7f, 0xffff_ffffL, 1, 2, 3, 1));
        assertThat(namespace.rotational()).isTrue();
        assertThat(namespace.volatileWriteCacheNotPresent()).isTrue();
        assertThat(namespace.shared()).isTrue();
        assertThat(namespace.writeProtected()).isTrue();
        assertThat(namespace.ready()).isTrue();
    }

    @Test
    void zeroesAreAPrivateNamespaceThatIsNotReady() {
        var namespace = IndependentNamespace.decode(Vectors.zeroes());

        assertThat(namespace.shared()).isFalse();
        assertThat(namespace.ready()).isFalse();
        assertThat(namespace.writeProtected()).isFalse();
        assertThat(namespace.rotational()).isFalse();
        assertThat(namespace.volatileWriteCacheNotPresent()).isFalse();
    }

    @Test
    void shortPageIsRefused() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> IndependentNamespace.decode(Vectors.zeroes(15)));
    }
}
