/**
 * Two processes that fence each other with persistent reservations: {@link io.mpath.examples.fence.Fencing}. Over devices, or over
 * one emulated logical unit, which the first process serves on the loopback interface through a transport of this package's own.
 */
@NullMarked
package io.mpath.examples.fence;

import org.jspecify.annotations.NullMarked;
