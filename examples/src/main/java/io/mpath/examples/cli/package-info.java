/** The {@code mpath} command line, on the public API of the library only. */
@NullMarked
package io.mpath.examples.cli;

import org.jspecify.annotations.NullMarked;
