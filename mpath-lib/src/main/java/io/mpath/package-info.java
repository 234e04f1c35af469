/**
 * What an application calls: the registry {@link io.mpath.Multipath}, the {@link io.mpath.BlockDevice} it hands out, and
 * the vocabulary of outcomes.
 */
package io.mpath;
