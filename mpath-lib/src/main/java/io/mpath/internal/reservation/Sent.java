package io.mpath.internal.reservation;

import io.mpath.path.ReservationReply;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command.
 *
 * @param through the path that answered; null when none took it
 */
record Sent(@Nullable Member through, ReservationReply reply) {}
