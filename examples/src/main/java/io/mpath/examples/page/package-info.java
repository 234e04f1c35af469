/** Pages read from devices, as files: which bytes they are, and what they say. */
@NullMarked
package io.mpath.examples.page;

import org.jspecify.annotations.NullMarked;
