package io.mpath.reservation.conformance;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One step of a {@link ConformanceScenario}. */
public sealed interface Step {
    /** Who does it. */
    Party party();

    /**
     * Sends a command.
     *
     * @param party who does it
     * @param command what is sent
     * @param expected the kinds of reply of which the standards demand one
     */
    record Send(Party party, ReservationCommand command, Set<ReservationReply.Kind> expected) implements Step {
        /** Copies what is expected. */
        public Send {
            Objects.requireNonNull(party, "party");
            Objects.requireNonNull(command, "command");
            expected = ImmutableSet.copyOf(expected);
        }

        @Override
        public String toString() {
            return "sends " + command;
        }
    }

    /**
     * Reads what is registered and reserved.
     *
     * @param party who does it
     * @param facts what is to be true of that
     */
    record ExpectState(Party party, List<StateFact> facts) implements Step {
        /** Copies the facts. */
        public ExpectState {
            Objects.requireNonNull(party, "party");
            facts = ImmutableList.copyOf(facts);
        }

        @Override
        public String toString() {
            return "reads what is registered and reserved";
        }
    }

    /**
     * Tries to read or write a block.
     *
     * @param party who does it
     * @param write whether it writes
     * @param allowed whether the device is to do it; else it is to answer with a conflict
     */
    record ExpectAccess(Party party, boolean write, boolean allowed) implements Step {
        /** Checks that nothing is null. */
        public ExpectAccess {
            Objects.requireNonNull(party, "party");
        }

        /** How the device is to answer. */
        public Access.Kind expected() {
            return allowed ? Access.Kind.ALLOWED : Access.Kind.CONFLICT;
        }

        @Override
        public String toString() {
            return write ? "writes" : "reads";
        }
    }
}
