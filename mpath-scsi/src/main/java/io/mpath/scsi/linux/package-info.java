/**
 * SCSI disks of this machine: {@link io.mpath.scsi.linux.ScsiDiscovery} finds them in sysfs, and drives them past the kernel's disk
 * driver with SG_IO, so that a command's own status and sense data are seen, and the kernel does not repeat what failed after it was
 * sent, with these exceptions:
 *
 * <ul>
 *   <li>BUSY, TASK SET FULL, {@code DID_IMM_RETRY} and {@code DID_REQUEUE} have it sent again by the kernel, below us and uncounted,
 *       until its time-out has passed ({@code scsi_decide_disposition}); only then are they seen;
 *   <li>a device handler that is attached to the disk ({@code dh_state}: {@code alua}, {@code rdac} and others) takes unit attentions
 *       and states of transition for itself, and has the kernel send the command again. A command that was refused because the unit
 *       may be another one (06/3F/03, 06/3F/0E) is so executed by that other unit before anybody can look. The kernel detaches no
 *       handler from a disk that is there; so one is told in the log, with the remedy, and {@link
 *       io.mpath.scsi.linux.ScsiOptions#requireDetached} leaves such disks out.
 * </ul>
 *
 * <p>Needs {@code CAP_SYS_RAWIO}, and that dm-multipath leaves the disks alone; and {@code net.java.dev.jna:jna}, which an
 * application that uses this package adds itself.
 */
package io.mpath.scsi.linux;
