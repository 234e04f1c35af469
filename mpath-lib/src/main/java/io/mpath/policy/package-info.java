/** Path selectors and the policies that make them (Linux: {@code iopolicy}). */
package io.mpath.policy;
