/** Persistent reservations of a logical unit, held over all of its paths: see {@link io.mpath.reservation.Reservations}. */
package io.mpath.reservation;
