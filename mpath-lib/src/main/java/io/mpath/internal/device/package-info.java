/** Devices: the data side that any thread calls, the control side that one thread runs, and the registry of them. */
package io.mpath.internal.device;
