/**
 * What a transport adapter implements ({@link io.mpath.path.PathCandidate}, {@link io.mpath.path.DevicePath}, {@link
 * io.mpath.path.PathQueue}) and what it is given in return ({@link io.mpath.path.PathControl}).
 *
 * <p>Every transport runs {@link io.mpath.sim.DevicePathContract}.
 */
package io.mpath.path;
