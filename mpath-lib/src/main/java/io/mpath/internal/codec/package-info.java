/** Reading bytes that came from a device, for the codecs of both adapters, which alone see this package. */
package io.mpath.internal.codec;
