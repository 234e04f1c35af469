/** What the emulated targets of the adapters share: they alone see this package. */
package io.mpath.internal.sim;
