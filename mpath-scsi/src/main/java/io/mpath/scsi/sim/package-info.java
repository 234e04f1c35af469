/**
 * An emulated SCSI array, for this library's tests and for its users' tests. <em>Incubating</em>: it may change in any release.
 *
 * <p>{@link io.mpath.scsi.sim.SimScsiArray} has target ports in target port groups and logical units, in virtual or in real time;
 * a {@link io.mpath.scsi.sim.SimNexus} joins an initiator port to a target port. What the array is given are command descriptor
 * blocks and data, and what it gives are status, sense data and pages, by the tables of SAM-6, SPC-6 and SBC-5, without the codecs
 * of {@code io.mpath.scsi.command}: two wrongs must not agree. {@link io.mpath.scsi.sim.SimScsiTransport} stands for the host's
 * driver, and uses them.
 */
package io.mpath.scsi.sim;
