package io.mpath.scsi.alua;

import io.mpath.MultipathException;
import io.mpath.PageFormatException;
import io.mpath.path.Certainty;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.ReportTargetPortGroups;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.SetTargetPortGroups;
import io.mpath.scsi.command.TargetPortGroups;
import io.mpath.scsi.command.TestUnitReady;
import io.mpath.scsi.command.Treatment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look at a logical unit's target port groups: a command at a time, through one path after another until one tells.
 *
 * <p>Threading: {@link #answer} once, on a thread that may block; the rest after that.
 */
final class AluaLook {
    static final int FIRST_ALLOCATION_BYTES = 1024;
    static final int MOST_ALLOCATION_BYTES = 1 << 16;
    /** How many unit attentions in a row are taken for a nexus that has something to tell before it gets to work. */
    static final int MOST_ATTENTIONS = 8;

    private static final int MOST_SIZES = 3;
    private static final int NOT_SUPPORTED = 0x25;

    private final AluaBudget budget;
    private final Request request;
    private final List<AluaMember> failed = new ArrayList<>();
    private final List<AluaMember> elsewhere = new ArrayList<>();
    private boolean extended;
    private int allocationBytes;
    private @Nullable AluaMember worked;
    private @Nullable ScsiResult activated;

    /**
     * What is to be found out.
     *
     * @param paths to be asked, best first
     * @param transitioning one of each group that is between two states, to be tried with a TEST UNIT READY first; empty to ask at once
     * @param activation what to ask for before that, if anything
     * @param extended whether the extended header is asked for
     * @param allocationBytes how long the answer was last time
     */
    record Request(
            List<Candidate> paths,
            List<Candidate> transitioning,
            @Nullable Candidate activation,
            boolean extended,
            int allocationBytes) {}

    /** A path to ask, and the group that it is in. */
    record Candidate(AluaMember member, int group) {}

    AluaLook(AluaBudget budget, Request request) {
        this.budget = budget;
        this.request = request;
        extended = request.extended();
        allocationBytes = request.allocationBytes();
    }

    /** Whether the extended header is to be asked for next time. */
    boolean extended() {
        return extended;
    }

    /** How long the answer may have to be next time. */
    int allocationBytes() {
        return allocationBytes;
    }

    /** The paths that were asked, and did not tell. */
    List<AluaMember> failed() {
        return failed;
    }

    /** The path that told, if any. */
    @Nullable
    AluaMember worked() {
        return worked;
    }

    /** How the activation ended; null when there was none, or it got no answer. */
    @Nullable
    ScsiResult activated() {
        return activated;
    }

    AluaAnswer answer() {
        if (!request.transitioning().isEmpty()
                && request.transitioning().stream().allMatch(this::stillTransitioning)) {
            return new AluaAnswer.StillTransitioning();
        }
        if (request.activation() != null) {
            activate(request.activation());
        }
        AluaAnswer answer = new AluaAnswer.Silence("no path is live");
        List<Integer> silentGroups = new ArrayList<>();
        for (Candidate each : request.paths()) {
            if (silentGroups.contains(each.group())) {
                continue;
            }
            AluaAnswer next = ask(each.member());
            if (next instanceof AluaAnswer.States) {
                worked = each.member();
                return next;
            }
            if (next instanceof AluaAnswer.Transition) {
                silentGroups.add(each.group());
            } else {
                failed.add(each.member());
            }
            answer = weightier(answer, next);
        }
        return answer;
    }

    private static AluaAnswer weightier(AluaAnswer before, AluaAnswer next) {
        boolean keep = before instanceof AluaAnswer.Transition
                || (before instanceof AluaAnswer.Unsound && next instanceof AluaAnswer.Silence);
        return keep ? before : next;
    }

    private boolean stillTransitioning(Candidate candidate) {
        try {
            return transition(execute(candidate.member(), new TestUnitReady(), null));
        } catch (MultipathException e) {
            return false;
        }
    }

    private void activate(Candidate path) {
        var set = new SetTargetPortGroups(List.of(new SetTargetPortGroups.Change(path.group(), AluaState.OPTIMIZED)));
        ByteBuffer data = ByteBuffer.allocateDirect(set.dataBytes());
        set.encodeParameters(data);
        data.flip();
        try {
            activated = execute(path.member(), set, data).result();
        } catch (MultipathException e) {
            failed.add(path.member());
        }
    }

    private AluaAnswer ask(AluaMember member) {
        try {
            return states(member);
        } catch (PageFormatException e) {
            return new AluaAnswer.Unsound(member.name() + ": " + e.getMessage());
        } catch (MultipathException e) {
            return new AluaAnswer.Silence(member.name() + ": " + e.getMessage());
        }
    }

    private boolean cutOff(ScsiReply reply) {
        return reply.done() && TargetPortGroups.lengthOf(reply.data()) > allocationBytes;
    }

    private AluaAnswer states(AluaMember member) {
        ScsiReply reply = execute(member, new ReportTargetPortGroups(extended, allocationBytes), null);
        if (extended && !reply.done() && refused(reply)) {
            extended = false;
            reply = execute(member, new ReportTargetPortGroups(false, allocationBytes), null);
        }
        // It may have grown again in between.
        for (int i = 0; i < MOST_SIZES && cutOff(reply); i++) {
            long bytes = TargetPortGroups.lengthOf(reply.data());
            if (bytes > MOST_ALLOCATION_BYTES) {
                return new AluaAnswer.Unsound(member.name() + ": its target port groups take " + bytes + " bytes");
            }
            allocationBytes = (int) bytes;
            reply = execute(member, new ReportTargetPortGroups(extended, allocationBytes), null);
        }
        if (reply.done()) {
            return new AluaAnswer.States(TargetPortGroups.decode(reply.data()));
        }
        if (transition(reply)) {
            return new AluaAnswer.Transition(member);
        }
        String why = member.name() + ": " + reply.result();
        return refused(reply) ? new AluaAnswer.Unsound(why) : new AluaAnswer.Silence(why);
    }

    /**
     * Executes it until its end is not a unit attention, for so many times.
     *
     * @throws MultipathException also when a path may lead to another logical unit by now: what that one tells of its groups is not
     *     to be applied to the paths of this one, so nothing more is asked through it in this look
     */
    private ScsiReply execute(AluaMember member, ScsiCommand command, @Nullable ByteBuffer data) {
        if (elsewhere.contains(member)) {
            throw new MultipathException("it may lead to another logical unit by now");
        }
        ScsiReply reply = budget.execute(member, command, data);
        for (int i = 0; i < MOST_ATTENTIONS && attention(reply); i++) {
            if (mayBeAnother(reply)) {
                elsewhere.add(member);
                throw new MultipathException("it may lead to another logical unit by now: " + reply.result());
            }
            if (data != null) {
                data.rewind();
            }
            reply = budget.execute(member, command, data);
        }
        return reply;
    }

    private static boolean attention(ScsiReply reply) {
        return sense(reply)
                .filter(sense -> (sense.key() == SenseKey.UNIT_ATTENTION || sense.deferred()) && !transition(sense))
                .isPresent();
    }

    private static boolean mayBeAnother(ScsiReply reply) {
        return reply.result()
                .treatment()
                .filter(what ->
                        what.recheck() == Treatment.Recheck.IDENTITY || what.recheck() == Treatment.Recheck.INVENTORY)
                .isPresent();
    }

    private static boolean refused(ScsiReply reply) {
        return sense(reply)
                .filter(sense -> sense.key() == SenseKey.ILLEGAL_REQUEST && sense.asc() != NOT_SUPPORTED)
                .isPresent();
    }

    private static boolean transition(ScsiReply reply) {
        return sense(reply).filter(AluaLook::transition).isPresent();
    }

    /** 02/04/0A, and 06/04/0A as some arrays have it. */
    static boolean transition(SenseData sense) {
        return !sense.deferred()
                && (sense.key() == SenseKey.NOT_READY || sense.key() == SenseKey.UNIT_ATTENTION)
                && sense.asc() == 0x04
                && sense.ascq() == 0x0a;
    }

    /** The sense data of an answer; what the host made up of a failed transport is none. */
    private static Optional<SenseData> sense(ScsiReply reply) {
        ScsiResult result = reply.result();
        boolean answered = result.treatment()
                .filter(treatment -> treatment.certainty() != Certainty.UNKNOWN)
                .isPresent();
        return answered ? result.sense() : Optional.empty();
    }
}
