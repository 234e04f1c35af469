/**
 * Virtual time and simulated paths, for this library's tests and for its users' tests. <em>Incubating</em>: it may change in
 * any release.
 *
 * <p>{@link io.mpath.sim.SimWorld} is an {@link io.mpath.Environment} in which one seed chooses every interleaving; {@link
 * io.mpath.sim.SimArray} puts simulated disks behind simulated ports, in virtual or in real time; {@link
 * io.mpath.sim.DevicePathContract} is the test kit that every transport runs.
 */
package io.mpath.sim;
