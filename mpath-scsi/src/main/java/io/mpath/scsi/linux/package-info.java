/**
 * SCSI disks of this machine: {@link io.mpath.scsi.linux.ScsiDiscovery} finds them in sysfs, and drives them past the kernel's disk
 * driver with SG_IO, so that every command's own status and sense data are seen and nothing is repeated below.
 *
 * <p>Needs {@code CAP_SYS_RAWIO}, and that dm-multipath leaves the disks alone; and {@code net.java.dev.jna:jna}, which an
 * application that uses this package adds itself.
 */
package io.mpath.scsi.linux;
