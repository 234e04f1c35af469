/** The machine's time and threads: the only place, with {@code io.mpath.linux}, that reads the one or makes the other. */
package io.mpath.internal.loop;
