/**
 * An emulated NVMe subsystem, for this library's tests and for its users' tests. <em>Incubating</em>: it may change in any
 * release.
 *
 * <p>{@link io.mpath.nvme.sim.SimSubsystem} has controllers and namespaces, in virtual or in real time. What its controllers are
 * given are submission queue entries of 64 bytes, and what they give are completions of 16 bytes and pages, by the tables of
 * NVMe Base 2.1 and NVM Command Set 1.1, without the codecs of {@code io.mpath.nvme.command}: two wrongs must not agree. {@link
 * io.mpath.nvme.sim.SimNvmeTransport} stands for the host's driver, and uses them.
 */
package io.mpath.nvme.sim;
