package io.mpath.scsi;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.PageFormatException;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.BlockLimits;
import io.mpath.scsi.command.Capacity;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.Inquiry;
import io.mpath.scsi.command.LogicalBlockProvisioning;
import io.mpath.scsi.command.ReadCapacity10;
import io.mpath.scsi.command.ReadCapacity16;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.StandardInquiry;
import io.mpath.scsi.command.SupportedVpdPages;
import io.mpath.scsi.command.Treatment;
import io.mpath.scsi.command.UnitSerialNumber;
import io.mpath.scsi.command.VpdPage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks a logical unit who it is. What it answers with a unit attention is asked again: each is told once, and not in place of
 * what is asked for now.
 *
 * <p>Threading: immutable; every method blocks.
 */
final class LogicalUnitReader {
    private static final int MOST_TRIES = 8;
    private static final int STANDARD_BYTES = 96;
    private static final int PAGE_BYTES = 252;

    private final ScsiTransport transport;
    private final Duration timeout;
    private final Consumer<ScsiResult> noticed;

    /** @param noticed told of each end: sense data may say what was not asked for */
    LogicalUnitReader(ScsiTransport transport, Duration timeout, Consumer<ScsiResult> noticed) {
        this.transport = transport;
        this.timeout = timeout;
        this.noticed = noticed;
    }

    /**
     * Reads all of it.
     *
     * @param choice which of its identities it is known by
     * @param sibling what the logical unit of that identity said before, or through another port: a port in standby, in transition
     *     or unavailable need not tell its size
     * @throws MultipathException when it does not answer, with what is no such page, or cannot be driven here
     */
    LogicalUnit read(
            Function<DeviceIdentification, Optional<DeviceId>> choice,
            Function<DeviceId, Optional<LogicalUnit>> sibling) {
        StandardInquiry inquiry = StandardInquiry.decode(data(Inquiry.standard(STANDARD_BYTES)));
        // Ahead of the pages, which leave unit attentions pending (SPC-6): none is older than a reset told here.
        ScsiReply size = settled(new ReadCapacity16());
        SupportedVpdPages pages = page(SupportedVpdPages.CODE, SupportedVpdPages::decode);
        DeviceIdentification identification = identification();
        boolean silent = size.result()
                .treatment()
                .filter(LogicalUnitReader::refusesForItsState)
                .isPresent();
        List<String> unreadable = new ArrayList<>();
        Optional<DeviceId> identity = choice.apply(identification);
        Optional<LogicalUnit> known = silent ? identity.flatMap(sibling) : Optional.empty();
        return new LogicalUnit(
                identity,
                inquiry,
                identification,
                ifThere(pages, UnitSerialNumber.CODE, UnitSerialNumber::decode, unreadable),
                known.isPresent() ? known.get().capacity() : capacity(size),
                known.isPresent(),
                ifThere(pages, BlockLimits.CODE, BlockLimits::decode, unreadable),
                ifThere(pages, LogicalBlockProvisioning.CODE, LogicalBlockProvisioning::decode, unreadable),
                unreadable);
    }

    /**
     * Reads its Device Identification page and nothing else.
     *
     * @throws MultipathException when it does not answer, or with what is no such page
     */
    DeviceIdentification identification() {
        return page(DeviceIdentification.CODE, DeviceIdentification::decode);
    }

    /** A page that only tells more of the unit. One that it refuses, or that does not decode, tells nothing: no path is kept out for it. */
    private <T> Optional<T> ifThere(
            SupportedVpdPages pages, int code, Function<ByteBuffer, T> decoder, List<String> unreadable) {
        if (!pages.has(code)) {
            return Optional.empty();
        }
        try {
            return Optional.of(page(code, decoder));
        } catch (PageFormatException e) {
            unreadable.add(String.valueOf(e.getMessage()));
        } catch (ScsiException e) {
            if (!refused(e.result())) {
                throw e;
            }
            unreadable.add("VPD page 0x%02X: %s".formatted(code, e.getMessage()));
        }
        return Optional.empty();
    }

    /** By the device itself, which would refuse it through any path. */
    private static boolean refused(ScsiResult result) {
        return result.treatment()
                .filter(treatment -> treatment.verdict() == Verdict.FAIL)
                .isPresent();
    }

    private <T> T page(int code, Function<ByteBuffer, T> decoder) {
        ByteBuffer page = data(Inquiry.vpd(code, PAGE_BYTES));
        int length = page.remaining() >= VpdPage.HEADER_BYTES ? VpdPage.lengthOf(page) : 0;
        return decoder.apply(length > PAGE_BYTES ? data(Inquiry.vpd(code, length)) : page);
    }

    private static boolean refusesForItsState(Treatment treatment) {
        return treatment.recheck() == Treatment.Recheck.ACCESS_STATE;
    }

    /** A small disk may know the short command only. */
    private Capacity capacity(ScsiReply reply) {
        if (reply.done()) {
            return Capacity.decode16(reply.data());
        }
        if (!refused(reply.result())) {
            throw failed(new ReadCapacity16(), reply);
        }
        return Capacity.decode10(data(new ReadCapacity10()))
                .orElseThrow(() -> new MultipathException(
                        "it is larger than READ CAPACITY (10) can tell, and does not know READ CAPACITY (16)"));
    }

    private ByteBuffer data(ScsiCommand command) {
        ScsiReply reply = settled(command);
        if (!reply.done()) {
            throw failed(command, reply);
        }
        return reply.data();
    }

    private ScsiException failed(ScsiCommand command, ScsiReply reply) {
        return new ScsiException(transport.port() + ": " + command.name(), reply.result());
    }

    /** Its end, once what the device wanted to tell first is told, or it has told too much. */
    private ScsiReply settled(ScsiCommand command) {
        ScsiReply reply = transport.execute(command, null, timeout);
        for (int tries = 1; tries < MOST_TRIES && toldSomethingElse(reply); tries++) {
            reply = transport.execute(command, null, timeout);
        }
        return reply;
    }

    private boolean toldSomethingElse(ScsiReply reply) {
        Optional<Treatment> treatment = reply.result().treatment();
        noticed.accept(reply.result());
        return treatment.filter(Treatment::onlyTells).isPresent();
    }
}
