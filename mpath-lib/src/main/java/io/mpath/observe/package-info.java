/** Events, counters, and the topology as objects, text and JSON. */
package io.mpath.observe;
