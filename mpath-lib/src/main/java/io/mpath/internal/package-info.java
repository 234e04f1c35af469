/** What the packages of the library share and nobody else sees. */
package io.mpath.internal;
