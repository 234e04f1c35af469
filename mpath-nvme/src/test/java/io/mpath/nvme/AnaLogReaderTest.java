package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.PageFormatException;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaLogBytes;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnaLogReaderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int ANY_LENGTH = 0;
    private static final int EIGHT_KIB = 1;
    private static final int OFFSETS = 1 << 2;

    private final LogTransport transport = new LogTransport();

    @Test
    void usualLogIsReadByOneCommand() {
        transport.log = logOf(7, 1000);

        AnaLog log = reader(ANY_LENGTH, OFFSETS, 1024).read();

        assertThat(log.groups().get(0).namespaces().size()).isEqualTo(1000);
        assertThat(transport.commands).containsExactly("0+" + (16 + 4 * 32 + 1024 * 4));
    }

    @Test
    void longLogIsReadInPiecesThatTheControllerCanTransfer() {
        transport.log = logOf(7, 5000);

        AnaLog log = reader(EIGHT_KIB, OFFSETS, 6000).read();

        assertThat(log.groups().get(0).namespaces().size()).isEqualTo(5000);
        assertThat(transport.commands).containsExactly("0+8192", "8192+8192", "16384+3664", "0+16");
    }

    @Test
    void noCommandTransfersMoreThanSixtyFourKibibytes() {
        transport.log = logOf(7, 100_000);

        reader(ANY_LENGTH, OFFSETS, 1_000_000).read();

        assertThat(transport.longest).isEqualTo(64 << 10);
    }

    @Test
    void logThatChangesUnderTheReaderIsReadAgain() {
        transport.log = logOf(7, 5000);
        transport.changesLeft = 2;

        AnaLog log = reader(EIGHT_KIB, OFFSETS, 6000).read();

        assertThat(log.changeCount()).isEqualTo(9);
        assertThat(transport.commands).hasSize(3 * 4);
    }

    @Test
    void logThatNeverRestsIsGivenUp() {
        transport.log = logOf(7, 5000);
        transport.changesLeft = Integer.MAX_VALUE;

        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> reader(EIGHT_KIB, OFFSETS, 6000).read())
                .withMessage("nvme0: the ANA log changed under each of 9 attempts to read it");
    }

    @Test
    void controllerWithoutOffsetsIsAskedForOneShortPiece() {
        transport.log = logOf(7, 100);
        assertThat(reader(ANY_LENGTH, 0, 6000).read().groups()).hasSize(1);
        assertThat(transport.commands).containsExactly("0+16384");

        transport.log = logOf(7, 5000);
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> reader(ANY_LENGTH, 0, 6000).read())
                .withMessageContaining("longer than the 16384 bytes of one command");
    }

    @Test
    void controllerThatClaimsMoreNamespacesThanThereAreIsNotReadForEver() {
        transport.log = new AnaLogBytes(1)
                .groupThatSays(
                        0x2000_0000, 1, 1, IntStream.rangeClosed(1, 100_000).toArray())
                .page();

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> reader(ANY_LENGTH, OFFSETS, 0xffff_fffeL).read());
        assertThat(transport.commands).hasSize(1);
    }

    @Test
    void headerIsLookedAtWithoutTheListsAndLeavesTheEvent() {
        transport.log = logOf(7, 100);

        assertThat(reader(ANY_LENGTH, OFFSETS, 1024).header().changeCount()).isEqualTo(7);

        assertThat(transport.last).isEqualTo(GetLogPage.anaHeader());
    }

    @Test
    void refusalIsPassedOn() {
        transport.refusal = new NvmeStatusException("nvme0: Get Log Page", new NvmeStatus(0x109));

        assertThatExceptionOfType(NvmeStatusException.class)
                .isThrownBy(() -> reader(ANY_LENGTH, OFFSETS, 1024).read())
                .withMessageContaining("nvme0: Get Log Page");
    }

    private AnaLogReader reader(int mdts, int lpa, long namespaces) {
        ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        page.put(76, (byte) (1 << 3)).put(77, (byte) mdts).put(261, (byte) lpa);
        page.putInt(344, 4).putInt(348, 4).putInt(516, -2).putInt(540, (int) namespaces);
        return new AnaLogReader(transport, IdentifyController.decode(page), TIMEOUT);
    }

    private static ByteBuffer logOf(long changeCount, int namespaces) {
        return new AnaLogBytes(changeCount)
                .group(1, 1, IntStream.rangeClosed(1, namespaces).toArray())
                .page();
    }

    /** A controller that has an ANA log, and no more. */
    private static final class LogTransport implements NvmeTransport {
        private final List<String> commands = new ArrayList<>();
        private ByteBuffer log = ByteBuffer.allocate(16);
        private int longest;
        // How often the log changes after it was read to its end.
        private int changesLeft;

        @Nullable
        private GetLogPage last;

        @Nullable
        private NvmeStatusException refusal;

        @Override
        public AdminResult admin(AdminCommand command, @Nullable ByteBuffer data, Duration timeout) {
            assertThat(timeout).isEqualTo(TIMEOUT);
            if (refusal != null) {
                throw refusal;
            }
            last = (GetLogPage) command;
            assertThat(last.logPage()).isEqualTo(GetLogPage.ANA);
            int from = (int) last.offsetBytes();
            int length = last.lengthBytes();
            commands.add(from + "+" + length);
            longest = Math.max(longest, length);
            ByteBuffer answer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < length && from + i < log.limit(); i++) {
                answer.put(i, log.get(from + i));
            }
            if (from + length >= log.limit() && changesLeft > 0) {
                changesLeft--;
                log.order(ByteOrder.LITTLE_ENDIAN).putLong(0, log.getLong(0) + 1);
            }
            return new AdminResult(0, answer);
        }

        @Override
        public PathPort port() {
            return new PathPort("nvme0");
        }

        @Override
        public String kind() {
            throw unexpected();
        }

        @Override
        public Liveness liveness() {
            throw unexpected();
        }

        @Override
        public OptionalLong keepAliveMillis() {
            throw unexpected();
        }

        @Override
        public boolean liveAgainMeansReset() {
            throw unexpected();
        }

        @Override
        public boolean tellsEvents() {
            throw unexpected();
        }

        @Override
        public void listen(Listener listener) {
            throw unexpected();
        }

        @Override
        public NamespaceTransport open(long nsid, int blockBytes, CommandJudge judge) {
            throw unexpected();
        }

        @Override
        public void close() {
            throw unexpected();
        }

        private static AssertionError unexpected() {
            return new AssertionError("who reads a log needs no more than admin commands");
        }
    }
}
