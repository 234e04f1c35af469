/** Reservations of one device over all of its paths: what is sent through which path, in what order, and what follows from it. */
package io.mpath.internal.reservation;
