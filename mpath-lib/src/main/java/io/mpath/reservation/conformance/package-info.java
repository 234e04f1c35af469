/**
 * What the standards demand of a device's persistent reservations, as data that runs against any device: see {@link
 * io.mpath.reservation.conformance.ConformanceSuite}.
 */
package io.mpath.reservation.conformance;
