/**
 * What transports share on Linux: system calls, sysfs, memory and threads for calls that block, memory nodes; and the plain
 * path, {@link io.mpath.linux.PlainCandidate}: a file or block device with direct I/O, the reference for writing a transport.
 *
 * <p>System calls are made through {@code net.java.dev.jna:jna}, which an application that uses this package adds itself; {@link
 * io.mpath.linux.Sysfs} and {@link io.mpath.linux.DeviceInUse} do without. For x86-64 and aarch64.
 */
package io.mpath.linux;
