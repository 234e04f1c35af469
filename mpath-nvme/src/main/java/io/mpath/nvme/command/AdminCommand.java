package io.mpath.nvme.command;

/** A command for the admin queue. */
public sealed interface AdminCommand extends NvmeCommand
        permits Identify, GetLogPage, GetFeatures, SetFeatures, CrossControllerReset {}
