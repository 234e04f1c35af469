package io.mpath.nvme.scenario;

import io.mpath.IoOperation;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.NvmePassthrough;
import io.mpath.nvme.NvmeStatusException;
import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.nvme.command.NamespaceDescriptors;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.LoneRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The namespace through one controller, for checks that ask one thing after the other. */
final class ScenarioPort {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOG_BYTES = 4096;

    private final NvmeTransport transport;
    private final long nsid;
    private final ContractDriver driver;
    private final RecordingJudge judge = new RecordingJudge();
    private final NamespaceTransport namespace;
    private final PathQueue queue;
    private final int blockBytes;

    ScenarioPort(NvmeTransport transport, long nsid, ContractDriver driver) {
        this.transport = transport;
        this.nsid = nsid;
        this.driver = driver;
        this.blockBytes = namespacePage().format().blockBytes();
        this.namespace = transport.open(nsid, blockBytes, judge);
        this.queue = namespace.openQueue(QueueKind.SHARED);
    }

    void close() {
        var closed = new AtomicBoolean();
        namespace.close(() -> closed.set(true));
        driver.await(closed::get, PATIENCE);
    }

    NvmeTransport transport() {
        return transport;
    }

    int blockBytes() {
        return blockBytes;
    }

    int transportLimit() {
        return namespace.maxTransferBytes();
    }

    boolean fuses() {
        return namespace.fuses();
    }

    long blocks() {
        return namespacePage().sizeBlocks();
    }

    ByteBuffer admin(AdminCommand command) {
        return transport.admin(command, null, TIMEOUT).data();
    }

    int result(AdminCommand command) {
        return transport.admin(command, null, TIMEOUT).dword0();
    }

    /** How an admin command ends. */
    NvmeStatus adminStatus(AdminCommand command) {
        try {
            transport.admin(command, null, TIMEOUT);
            return NvmeStatus.SUCCESS;
        } catch (NvmeStatusException e) {
            return e.status();
        }
    }

    IdentifyController controllerPage() {
        return IdentifyController.decode(admin(Identify.controller()));
    }

    IdentifyNamespace namespacePage() {
        return IdentifyNamespace.decode(admin(Identify.namespace(nsid)));
    }

    NamespaceDescriptors descriptors() {
        return NamespaceDescriptors.decode(admin(Identify.namespaceDescriptors(nsid)));
    }

    AnaLog anaLog() {
        return AnaLog.decode(
                admin(GetLogPage.ana(0, LOG_BYTES)), controllerPage().anaGroupIdMax());
    }

    /** The group of the namespace in the ANA log. */
    AnaGroup group() {
        return anaLog().groups().stream()
                .filter(group -> group.namespaces().contains(nsid))
                .findFirst()
                .orElseThrow(() -> new ScenarioFailure("the ANA log has namespace " + nsid + " in no group"));
    }

    AnaState state() {
        return group().state();
    }

    /** How a request ends. */
    NvmeStatus status(LoneRequest request) {
        if (!request.submitTo(queue)) {
            throw new ScenarioFailure(request + " is refused although nothing is under way");
        }
        if (!driver.await(request::ended, PATIENCE)) {
            throw new ScenarioFailure(request + " does not end");
        }
        NvmeStatus status = judge.last();
        request.failure().filter(failure -> status.success()).ifPresent(failure -> {
            throw new ScenarioFailure(request + " failed without a status: " + failure);
        });
        return status;
    }

    void succeeds(LoneRequest request) {
        NvmeStatus status = status(request);
        if (!status.success()) {
            throw new ScenarioFailure(request + " through " + transport.port() + " ended with " + status);
        }
    }

    void write(long block, byte[] data) {
        succeeds(LoneRequest.write(block * blockBytes, data));
    }

    byte[] read(long block, int count) {
        LoneRequest read = LoneRequest.read(block * blockBytes, count * blockBytes);
        succeeds(read);
        return read.data();
    }

    void bare(IoOperation operation, long block, long count) {
        succeeds(LoneRequest.bare(operation, block * blockBytes, count * blockBytes));
    }

    /** How a command of blocks ends that no device would send: from any block on. */
    NvmeStatus rawStatus(int opcode, long block, int count, ByteBuffer data) {
        int[] dwords = {(int) block, (int) (block >>> 32), count - 1, 0, 0, 0};
        return status(LoneRequest.passthrough(new NvmePassthrough("raw", opcode, dwords, data)));
    }
}
