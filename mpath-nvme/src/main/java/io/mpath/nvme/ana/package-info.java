/** Access states from ANA logs: which states a controller's namespaces are in, kept fresh. */
package io.mpath.nvme.ana;
