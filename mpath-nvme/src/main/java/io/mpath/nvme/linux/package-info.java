/**
 * NVMe devices of this machine: {@link io.mpath.nvme.linux.NvmeDiscovery} finds them in sysfs, and drives them past the kernel's
 * block layer with its passthrough ioctls, so that every command's own status is seen and nothing is repeated below.
 *
 * <p>Needs {@code CAP_SYS_ADMIN}, and a kernel that does not multipath them itself ({@code nvme_core.multipath=N}); and {@code
 * net.java.dev.jna:jna}, which an application that uses this package adds itself.
 */
package io.mpath.nvme.linux;
