/** Requests under way: their states, slots, buffers, and the way their ends are told. */
package io.mpath.internal.io;
