/** Workloads with verification, and scripted ones, on any {@link io.mpath.BlockDevice}. */
@NullMarked
package io.mpath.examples.workload;

import org.jspecify.annotations.NullMarked;
