/** Access states from target port groups: which states the paths of a logical unit are in, kept fresh without a storm. */
package io.mpath.scsi.alua;
