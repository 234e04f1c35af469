/** What the adapters share and nobody else has a use for: they alone see this package. */
package io.mpath.internal.adapter;
