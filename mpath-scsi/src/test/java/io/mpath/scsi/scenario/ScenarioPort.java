package io.mpath.scsi.scenario;

import io.mpath.IoOperation;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.ScsiPassthrough;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.BlockLimits;
import io.mpath.scsi.command.Capacity;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.Inquiry;
import io.mpath.scsi.command.LogicalBlockProvisioning;
import io.mpath.scsi.command.ReadCapacity16;
import io.mpath.scsi.command.ReportTargetPortGroups;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.StandardInquiry;
import io.mpath.scsi.command.SupportedVpdPages;
import io.mpath.scsi.command.TargetPortGroup;
import io.mpath.scsi.command.TargetPortGroups;
import io.mpath.scsi.command.TestUnitReady;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.LoneRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The logical unit through one nexus, for checks that ask one thing after the other. What it has to tell first was told. */
final class ScenarioPort {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_ATTENTIONS = 32;
    private static final int PAGE_BYTES = 4096;

    private final ScsiTransport transport;
    private final ContractDriver driver;
    private final RecordingJudge judge = new RecordingJudge();
    private final LogicalUnitTransport unit;
    private final PathQueue queue;
    private final int blockBytes;

    ScenarioPort(ScsiTransport transport, ContractDriver driver) {
        this.transport = transport;
        this.driver = driver;
        settle();
        this.blockBytes = capacity().blockBytes();
        this.unit = transport.open(blockBytes, judge);
        this.queue = unit.openQueue(QueueKind.SHARED);
    }

    void close() {
        var closed = new AtomicBoolean();
        unit.close(() -> closed.set(true));
        driver.await(closed::get, PATIENCE);
    }

    /** Lets it tell what it has to tell before anything else. */
    void settle() {
        for (int told = 0; isAttention(ready()); told++) {
            ScsiScenarios.expect(told < MOST_ATTENTIONS, "%s has one unit attention after the other", this);
        }
    }

    static boolean isAttention(ScsiResult result) {
        return result.sense()
                .filter(sense -> sense.key() == SenseKey.UNIT_ATTENTION)
                .isPresent();
    }

    /** Key, ASC and ASCQ of sense data; -1 where there is none. */
    static int codes(ScsiResult result) {
        return result.sense()
                .map(sense -> sense.key().number() << 16 | sense.asc() << 8 | sense.ascq())
                .orElse(-1);
    }

    int blockBytes() {
        return blockBytes;
    }

    int transportLimit() {
        return unit.maxTransferBytes();
    }

    ScsiResult ready() {
        return end(new TestUnitReady());
    }

    ScsiResult end(ScsiCommand command) {
        return transport.execute(command, null, TIMEOUT).result();
    }

    ScsiResult end(ScsiCommand command, ByteBuffer data) {
        return transport.execute(command, data, TIMEOUT).result();
    }

    ByteBuffer data(ScsiCommand command) {
        ScsiReply reply = transport.execute(command, null, TIMEOUT);
        ScsiScenarios.expectDone(reply.result(), command.name() + " through " + this);
        return reply.data();
    }

    StandardInquiry inquiry() {
        return StandardInquiry.decode(data(Inquiry.standard(96)));
    }

    ByteBuffer vpd(int page) {
        return data(Inquiry.vpd(page, PAGE_BYTES));
    }

    boolean hasVpd(int page) {
        return SupportedVpdPages.decode(vpd(SupportedVpdPages.CODE)).has(page);
    }

    DeviceIdentification identification() {
        return DeviceIdentification.decode(vpd(DeviceIdentification.CODE));
    }

    @Nullable
    BlockLimits limits() {
        return hasVpd(BlockLimits.CODE) ? BlockLimits.decode(vpd(BlockLimits.CODE)) : null;
    }

    @Nullable
    LogicalBlockProvisioning provisioning() {
        int code = LogicalBlockProvisioning.CODE;
        return hasVpd(code) ? LogicalBlockProvisioning.decode(vpd(code)) : null;
    }

    Capacity capacity() {
        return Capacity.decode16(data(new ReadCapacity16()));
    }

    boolean hasAlua() {
        return inquiry().targetPortGroups() != StandardInquiry.Tpgs.NONE;
    }

    TargetPortGroups groups() {
        return TargetPortGroups.decode(data(new ReportTargetPortGroups(false, PAGE_BYTES)));
    }

    /** The group of its own port. */
    TargetPortGroup group() {
        int own = identification().targetPortGroup().orElse(0);
        return groups().group(own).orElseThrow(() -> new ScenarioFailure(this + ": group " + own + " is not listed"));
    }

    AluaState state() {
        return group().state();
    }

    /** How a request ends. */
    ScsiResult end(LoneRequest request) {
        if (!request.submitTo(queue)) {
            throw new ScenarioFailure(request + " is refused although nothing is under way");
        }
        if (!driver.await(request::ended, PATIENCE)) {
            throw new ScenarioFailure(request + " does not end");
        }
        ScsiResult result = judge.last();
        request.failure().filter(failure -> result.treatment().isEmpty()).ifPresent(failure -> {
            throw new ScenarioFailure(request + " failed without an answer: " + failure);
        });
        return result;
    }

    void succeeds(LoneRequest request) {
        ScsiScenarios.expectDone(end(request), request + " through " + this);
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

    /** How a command of one's own ends. */
    ScsiResult raw(byte[] cdb, Transfer transfer, @Nullable ByteBuffer data) {
        return end(LoneRequest.passthrough(new ScsiPassthrough("raw", cdb, transfer, data)));
    }

    @Override
    public String toString() {
        return transport.port().name();
    }
}
