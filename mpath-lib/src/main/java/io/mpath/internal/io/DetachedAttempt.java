package io.mpath.internal.io;

import io.mpath.path.PathIo;

/** An attempt that belongs to no device's request: what drives a path alone, such as its contract tests. */
public abstract non-sealed class DetachedAttempt extends PathIo {}
