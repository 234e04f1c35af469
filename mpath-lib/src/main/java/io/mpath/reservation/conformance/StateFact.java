package io.mpath.reservation.conformance;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import java.util.Objects;
import java.util.Optional;

/** Something that is to be true of what is registered and reserved. Its text says what is expected. */
public sealed interface StateFact {
    /** What is true instead, or empty where it is true. */
    Optional<String> contradiction(Observation found);

    /**
     * What was read.
     *
     * @param state what the device says
     * @param generationBefore the generation when the scenario last read it
     * @param perNexus whether the device knows every nexus by itself
     */
    record Observation(ReservationState state, long generationBefore, boolean perNexus) {
        /** Checks that nothing is null. */
        public Observation {
            Objects.requireNonNull(state, "state");
        }
    }

    /**
     * Somebody, or nobody, is registered with a key.
     *
     * @param key the key
     * @param nexuses how many nexuses are. A device that knows hosts may list one for each of its controllers: there, more than none are
     *     at least one
     */
    record Registered(ReservationKey key, int nexuses) implements StateFact {
        /** Checks that nothing is null. */
        public Registered {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public Optional<String> contradiction(Observation found) {
            int count = found.state().count(key);
            boolean fits = found.perNexus() ? count == nexuses : count > 0 == nexuses > 0;
            return instead(fits, count + " registered with " + key);
        }

        @Override
        public String toString() {
            return nexuses + " registered with " + key;
        }
    }

    /** There is no registration at all. */
    record NobodyRegistered() implements StateFact {
        @Override
        public Optional<String> contradiction(Observation found) {
            return instead(
                    found.state().registrants().isEmpty(),
                    found.state().registrants().size() + " registered");
        }

        @Override
        public String toString() {
            return "nobody registered";
        }
    }

    /**
     * There is a reservation.
     *
     * @param type its type
     * @param holder the holder's key; {@link ReservationKey#NONE} where all registrants hold it
     */
    record Reserved(ReservationType type, ReservationKey holder) implements StateFact {
        /** Checks that nothing is null. */
        public Reserved {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(holder, "holder");
        }

        @Override
        public Optional<String> contradiction(Observation found) {
            Optional<Held> held = found.state().reservation();
            boolean fits = held.isPresent() && held.get().equals(new Held(type, holder));
            return instead(fits, describe(held));
        }

        @Override
        public String toString() {
            return "reserved as " + type + " by " + holder;
        }
    }

    /** There is no reservation. */
    record NotReserved() implements StateFact {
        @Override
        public Optional<String> contradiction(Observation found) {
            Optional<Held> held = found.state().reservation();
            return instead(held.isEmpty(), describe(held));
        }

        @Override
        public String toString() {
            return "not reserved";
        }
    }

    /**
     * The generation has grown by so much since the scenario last read it, or began.
     *
     * @param by how much, modulo 2^32
     */
    record GenerationGrew(long by) implements StateFact {
        private static final long GENERATIONS = 1L << 32;

        @Override
        public Optional<String> contradiction(Observation found) {
            long grew = Math.floorMod(found.state().generation() - found.generationBefore(), GENERATIONS);
            return instead(grew == by, "the generation grew by " + grew);
        }

        @Override
        public String toString() {
            return "the generation grew by " + by;
        }
    }

    /**
     * Registrations and reservation outlive a loss of power, or do not, by what the device says.
     *
     * @param is whether they do
     */
    record Persistent(boolean is) implements StateFact {
        @Override
        public Optional<String> contradiction(Observation found) {
            boolean persistent = found.state().persistent();
            return instead(persistent == is, text(persistent));
        }

        @Override
        public String toString() {
            return text(is);
        }

        private static String text(boolean persistent) {
            return persistent ? "persistent through power loss" : "not persistent through power loss";
        }
    }

    private static Optional<String> instead(boolean fits, String found) {
        return fits ? Optional.empty() : Optional.of(found);
    }

    private static String describe(Optional<Held> held) {
        return held.map(it -> "reserved as " + it.type() + " by " + it.holder()).orElse("not reserved");
    }
}
