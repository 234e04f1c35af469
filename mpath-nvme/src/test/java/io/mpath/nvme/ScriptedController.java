package io.mpath.nvme;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.Feature;
import io.mpath.nvme.command.GetFeatures;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.Vectors;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A controller that answers with the pages it was given, those of a real one unless they were replaced. */
final class ScriptedController implements NvmeTransport {
    static final int CMIC = 76;
    static final int CNTLID = 78;
    static final int VWC = 525;
    static final int ONCS = 520;
    static final int CTRATT = 96;
    static final int CQT = 386;
    static final int CIU = 135;
    static final int KAS = 320;
    static final int NMIC = 30;
    static final int NGUID = 104;

    final Map<Identify.Cns, ByteBuffer> pages = new EnumMap<>(Identify.Cns.class);
    final List<AdminCommand> commands = new ArrayList<>();
    final List<NamespaceTransport> opened = new ArrayList<>();
    final PathPort port;

    @Nullable
    Liveness liveness = Liveness.LIVE;

    OptionalLong keepAliveMillis = OptionalLong.of(5000);

    /** Its keep-alive timer; below zero, the status that it refuses to tell it with. */
    int keepAliveTimer = -0x4002;

    boolean resets;
    boolean refusesToIdentify;
    int resetResult = 1;
    boolean refusesToReset;

    /** The uniquifier of the only life that it resets; 0: any. */
    int resetOnly;

    /** What becomes of an attempt to have it reset another. */
    @Nullable
    RuntimeException breaksDown;

    /** What happens once, between the reading of the liveness and its answer. */
    Runnable whileLookedAt = () -> {};

    /** What happens once, between the making of the page of Identify Controller and its arrival. */
    Runnable whileIdentified = () -> {};

    @Nullable
    PathFailure firstBlock;

    /** What becomes of a command that is no request, and its data. */
    BiFunction<IoCommand, ByteBuffer, CommandEnd> carriesOut =
            (command, data) -> new CommandEnd.Unanswered(command.name());

    @Nullable
    Listener listener;

    ByteBuffer anaLog = Vectors.page("nvmet-port1.ana-log");

    ScriptedController(String name) {
        port = new PathPort(name);
        pages.put(Identify.Cns.CONTROLLER, Vectors.page("nvmet-port1.id-ctrl"));
        pages.put(Identify.Cns.NAMESPACE, Vectors.page("nvmet-port1.id-ns"));
        pages.put(Identify.Cns.NAMESPACE_DESCRIPTORS, Vectors.page("nvmet-port1.ns-descs"));
    }

    /** Changes a byte of a page. */
    ScriptedController with(Identify.Cns page, int offset, int value) {
        pages.get(page).put(offset, (byte) value);
        return this;
    }

    /** As it is, a controller has no ANA then. */
    ScriptedController withoutAna() {
        return with(Identify.Cns.CONTROLLER, CMIC, 0x02);
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public String kind() {
        return "scripted";
    }

    @Override
    public @Nullable Liveness liveness() {
        Liveness answer = liveness;
        Runnable happens = whileLookedAt;
        whileLookedAt = () -> {};
        happens.run();
        return answer;
    }

    @Override
    public OptionalLong keepAliveMillis() {
        return keepAliveMillis;
    }

    @Override
    public boolean liveAgainMeansReset() {
        return resets;
    }

    @Override
    public boolean tellsEvents() {
        return true;
    }

    @Override
    public void listen(Listener to) {
        listener = to;
    }

    @Override
    public AdminResult admin(AdminCommand command, @Nullable ByteBuffer data, Duration timeout) {
        commands.add(command);
        if (refusesToIdentify) {
            throw new MultipathException(port + ": no answer");
        }
        if (command instanceof Identify identify) {
            ByteBuffer page = pages.get(identify.cns());
            if (page == null) {
                throw new NvmeStatusException(port + ": " + command.name(), new NvmeStatus(0x4002));
            }
            ByteBuffer answer = ByteBuffer.allocate(page.capacity()).order(page.order());
            answer.put(0, page, 0, page.capacity());
            if (identify.cns() == Identify.Cns.CONTROLLER) {
                Runnable happens = whileIdentified;
                whileIdentified = () -> {};
                happens.run();
            }
            return new AdminResult(0, answer);
        }
        if (command instanceof GetFeatures get && get.feature() == Feature.KEEP_ALIVE_TIMER) {
            if (keepAliveTimer < 0) {
                throw new NvmeStatusException(port + ": " + command.name(), new NvmeStatus(-keepAliveTimer));
            }
            return new AdminResult(keepAliveTimer, ByteBuffer.allocate(0));
        }
        if (command instanceof GetLogPage log && log.logPage() == GetLogPage.CROSS_CONTROLLER_RESETS) {
            return new AdminResult(0, ByteBuffer.allocate(log.lengthBytes()));
        }
        if (command instanceof GetLogPage log) {
            ByteBuffer piece = ByteBuffer.allocate(log.lengthBytes()).order(anaLog.order());
            int offset = (int) log.offsetBytes();
            piece.put(0, anaLog, offset, Math.min(piece.capacity(), anaLog.capacity() - offset));
            return new AdminResult(0, piece);
        }
        if (command instanceof CrossControllerReset reset) {
            if (breaksDown != null) {
                throw breaksDown;
            }
            if (refusesToReset || (resetOnly != 0 && resetOnly != reset.instanceUniquifier())) {
                throw new MultipathException(port + ": not reset");
            }
            return new AdminResult(resetResult, ByteBuffer.allocate(0));
        }
        throw new MultipathException(port + ": unexpected " + command);
    }

    @Override
    public NamespaceTransport open(long nsid, int blockBytes, CommandJudge judge) {
        var namespace = new NamespaceTransport() {
            @Override
            public int maxTransferBytes() {
                return 1 << 20;
            }

            @Override
            public boolean fuses() {
                return false;
            }

            @Override
            public @Nullable String readOnly() {
                return null;
            }

            @Override
            public PathQueue openQueue(QueueKind kind) {
                return io -> false;
            }

            @Override
            public @Nullable PathFailure readFirstBlock() {
                return firstBlock;
            }

            @Override
            public CommandEnd carryOut(IoCommand command, ByteBuffer data) {
                return carriesOut.apply(command, data);
            }

            @Override
            public void close(Runnable closed) {
                closed.run();
            }
        };
        opened.add(namespace);
        return namespace;
    }

    @Override
    public void close() {}
}
