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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One look at a logical unit's target port groups: a command at a time, through one path after another until one tells. The owner
 * takes it from path to path, each in a turn of its own, so that one which does not answer costs nobody else more than that turn.
 *
 * <p>Threading: one thread at a time, and what it did is seen by the next; {@link #goOn} on one that may block.
 */
final class AluaLook {
    static final int FIRST_ALLOCATION_BYTES = 1024;
    static final int MOST_ALLOCATION_BYTES = 1 << 16;
    /** How many unit attentions in a row are taken for a nexus that has something to tell before it gets to work. */
    static final int MOST_ATTENTIONS = 8;

    private static final int MOST_SIZES = 3;
    private static final int NOT_SUPPORTED = 0x25;

    private final Queue<Candidate> untested;
    private final List<Candidate> unasked;
    private final List<AluaMember> failed = new ArrayList<>();
    private final List<AluaMember> elsewhere = new ArrayList<>();
    private final long activationNanos;
    private @Nullable Candidate activation;
    private boolean extended;
    private int allocationBytes;
    private boolean begun;
    private boolean over;
    private boolean answered;
    private AluaAnswer answer = new AluaAnswer.Silence("no path is live");
    private @Nullable AluaMember worked;
    private @Nullable ScsiResult activated;

    /**
     * What is to be found out.
     *
     * @param paths to be asked, best first
     * @param transitioning one of each group that is between two states, to be tried with a TEST UNIT READY first; empty to ask at once
     * @param activation what to ask for before that, if anything
     * @param activationNanos how long that may take: to give it up sooner may end the transition, and each one after it
     * @param extended whether the extended header is asked for
     * @param allocationBytes how long the answer was last time
     */
    record Request(
            List<Candidate> paths,
            List<Candidate> transitioning,
            @Nullable Candidate activation,
            long activationNanos,
            boolean extended,
            int allocationBytes) {}

    /** A path to ask, and the group that it is in. */
    record Candidate(AluaMember member, int group) {
        /** Whether it would have to wait for others that try whether its port answers. */
        boolean waitsForOthers() {
            return member.budget().isBeingTried(member.port());
        }
    }

    AluaLook(Request request) {
        untested = new ArrayDeque<>(request.transitioning());
        unasked = new ArrayList<>(request.paths());
        activation = request.activation();
        activationNanos = request.activationNanos();
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

    /** What was found, when it is over. */
    AluaAnswer answer() {
        return answer;
    }

    /**
     * The path to go on through; null when it is over. One whose port others are trying already is waited for only where there is
     * none else: what was found without it counts then.
     *
     * @param holding through which there is a turn, or was one last
     */
    @Nullable
    AluaMember next(AluaMember holding) {
        if (over) {
            return null;
        }
        if (untested.stream().anyMatch(each -> each.member() != holding && each.waitsForOthers())) {
            untested.clear();
        }
        if (!untested.isEmpty()) {
            return untested.element().member();
        }
        if (activation != null && activation.member() != holding && activation.waitsForOthers()) {
            activation = null;
        }
        return activation == null ? nextToAsk(holding) : activation.member();
    }

    private @Nullable AluaMember nextToAsk(AluaMember holding) {
        for (Candidate each : unasked) {
            if (each.member() == holding) {
                return holding;
            }
        }
        for (Candidate each : unasked) {
            if (!each.waitsForOthers()) {
                return each.member();
            }
        }
        return begun || unasked.isEmpty() ? null : unasked.get(0).member();
    }

    /** It is not there any more, or its nexus is not live. */
    void skip(AluaMember member) {
        if (untested.removeIf(each -> each.member() == member)) {
            untested.clear();
        }
        if (activation != null && activation.member() == member) {
            activation = null;
        }
        unasked.removeIf(each -> each.member() == member);
    }

    /** Nothing more can be found out. */
    void breakOff(String why) {
        answer = new AluaAnswer.Silence(why);
        over = true;
    }

    /** Does all that is next through {@code member}. @return whether the last command was answered */
    boolean goOn(AluaMember member) {
        begun = true;
        do {
            step(member);
        } while (member.equals(next(member)));
        return answered;
    }

    private void step(AluaMember member) {
        Candidate toTest = untested.poll();
        Candidate toActivate = activation;
        if (toTest != null) {
            test(toTest);
        } else if (toActivate != null) {
            activation = null;
            activate(toActivate);
        } else {
            ask(member);
        }
    }

    private void test(Candidate candidate) {
        if (!stillTransitioning(candidate)) {
            untested.clear();
        } else if (untested.isEmpty()) {
            answer = new AluaAnswer.StillTransitioning();
            over = true;
        }
    }

    private void ask(AluaMember member) {
        int group = unasked.stream()
                .filter(each -> each.member() == member)
                .mapToInt(Candidate::group)
                .findFirst()
                .orElseThrow();
        unasked.removeIf(each -> each.member() == member);
        AluaAnswer next = answerOf(member);
        if (next instanceof AluaAnswer.States) {
            worked = member;
            answer = next;
            over = true;
            return;
        }
        if (next instanceof AluaAnswer.Transition) {
            // Nor do the others of its group tell.
            unasked.removeIf(each -> each.group() == group);
        } else {
            failed.add(member);
        }
        answer = weightier(answer, next);
    }

    private static AluaAnswer weightier(AluaAnswer before, AluaAnswer next) {
        return before instanceof AluaAnswer.Transition ? before : next;
    }

    private boolean stillTransitioning(Candidate candidate) {
        try {
            return transition(execute(candidate.member(), new TestUnitReady(), null, 0));
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
            activated = execute(path.member(), set, data, activationNanos).result();
        } catch (MultipathException e) {
            answer = new AluaAnswer.Silence(path.member().name() + ": " + e.getMessage());
        }
        if (!answered) {
            failed.add(path.member());
            unasked.removeIf(each -> each.member() == path.member());
        }
    }

    private AluaAnswer answerOf(AluaMember member) {
        try {
            AluaAnswer told = extended ? statesInExtendedForm(member) : null;
            return told == null ? states(member, false) : told;
        } catch (MultipathException e) {
            return new AluaAnswer.Silence(member.name() + ": " + e.getMessage());
        }
    }

    /** Null where the short form is to be asked for: what is refused, or nonsense, in this one may be told in that one. */
    private @Nullable AluaAnswer statesInExtendedForm(AluaMember member) {
        try {
            AluaAnswer told = states(member, true);
            extended = !(told instanceof AluaAnswer.Refusal);
            return extended ? told : null;
        } catch (PageFormatException e) {
            AluaAnswer told = states(member, false);
            extended = !(told instanceof AluaAnswer.States);
            return told;
        }
    }

    private static boolean cutOff(ScsiReply reply, int allocationBytes) {
        return reply.done() && TargetPortGroups.lengthOf(reply.data()) > allocationBytes;
    }

    private AluaAnswer states(AluaMember member, boolean inExtendedForm) {
        ScsiReply reply = execute(member, new ReportTargetPortGroups(inExtendedForm, allocationBytes), null, 0);
        // It may have grown again in between.
        for (int i = 0; i < MOST_SIZES && cutOff(reply, allocationBytes); i++) {
            long bytes = TargetPortGroups.lengthOf(reply.data());
            if (bytes > MOST_ALLOCATION_BYTES) {
                throw new PageFormatException(
                        "REPORT TARGET PORT GROUPS data", "RETURN DATA LENGTH", 0, bytes + " bytes are too many");
            }
            allocationBytes = (int) bytes;
            reply = execute(member, new ReportTargetPortGroups(inExtendedForm, allocationBytes), null, 0);
        }
        if (reply.done()) {
            return new AluaAnswer.States(TargetPortGroups.decode(reply.data()));
        }
        if (transition(reply)) {
            return new AluaAnswer.Transition(member);
        }
        String why = member.name() + ": " + reply.result();
        return refused(reply) ? new AluaAnswer.Refusal(why) : new AluaAnswer.Silence(why);
    }

    /**
     * Executes it until its end is not a unit attention, for so many times.
     *
     * @throws MultipathException also when a path may lead to another logical unit by now: what that one tells of its groups is not
     *     to be applied to the paths of this one, so nothing more is asked through it in this look
     */
    private ScsiReply execute(
            AluaMember member, ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos) {
        if (elsewhere.contains(member)) {
            throw new MultipathException("it may lead to another logical unit by now");
        }
        ScsiReply reply = executeOnce(member, command, data, leastTimeoutNanos);
        for (int i = 0; i < MOST_ATTENTIONS && attention(reply); i++) {
            if (mayBeAnother(reply)) {
                elsewhere.add(member);
                throw new MultipathException("it may lead to another logical unit by now: " + reply.result());
            }
            if (data != null) {
                data.rewind();
            }
            reply = executeOnce(member, command, data, leastTimeoutNanos);
        }
        return reply;
    }

    private ScsiReply executeOnce(
            AluaMember member, ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos) {
        answered = false;
        ScsiReply reply = member.execute(command, data, leastTimeoutNanos);
        answered = reply.result()
                .treatment()
                .filter(what -> what.certainty() == Certainty.UNKNOWN)
                .isEmpty();
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
