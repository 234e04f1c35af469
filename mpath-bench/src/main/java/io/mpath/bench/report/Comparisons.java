package io.mpath.bench.report;

import java.util.List;

/** What the page compares, in its order. */
final class Comparisons {
    private static final String TIME = "";
    private static final String NO_AXIS = "";
    private static final String NO_TARGET = "";

    private Comparisons() {}

    /** All of them. */
    static List<Comparison> all() {
        return List.of(
                new Comparison(
                        "Choosing a path",
                        "What does a choice cost a thread with a cursor of its own? Baseline: the faster of a bare rotating array read"
                                + " and a walk over the list of all paths, as the kernel does it.",
                        "SelectBenchmark.select",
                        List.of("SelectBenchmark.floor", "SelectBenchmark.walk"),
                        TIME,
                        "paths",
                        "at most 3 × for a channel"),
                new Comparison(
                        "Choosing a path, by two threads",
                        "The same by two threads that share the paths.",
                        "SelectBenchmark.selectByTwo",
                        List.of("SelectBenchmark.floorByTwo", "SelectBenchmark.walkByTwo"),
                        TIME,
                        "paths",
                        "at most 3 × for a channel"),
                new Comparison(
                        "A read",
                        "What does a multipath device add to a read that ends inside submit? Baseline: the path without the layer.",
                        "SubmitBenchmark.multipath",
                        List.of("SubmitBenchmark.bare"),
                        TIME,
                        "paths",
                        "at most 25 ns above the bare path, 0 bytes allocated"),
                new Comparison(
                        "A read, by two threads",
                        "The same by two threads on one device.",
                        "SubmitBenchmark.multipathByTwo",
                        List.of("SubmitBenchmark.bareByTwo"),
                        TIME,
                        "paths",
                        NO_TARGET),
                new Comparison(
                        "A read through a channel",
                        "What does a read cost by the door that one thread has for itself? Baseline: the path without the layer.",
                        "ChannelBenchmark.channel",
                        List.of("ChannelBenchmark.bare"),
                        TIME,
                        "paths",
                        NO_TARGET),
                new Comparison(
                        "A read through a channel, by two threads",
                        "The same by two threads on one device, each with a channel of its own.",
                        "ChannelBenchmark.channelByTwo",
                        List.of("ChannelBenchmark.bareByTwo"),
                        TIME,
                        "paths",
                        NO_TARGET),
                new Comparison(
                        "A write",
                        "The same for a write, whose range is published and compared with those under way.",
                        "SubmitBenchmark.multipathWrite",
                        List.of("SubmitBenchmark.bareWrite"),
                        TIME,
                        "paths",
                        NO_TARGET),
                new Comparison(
                        "Completion on another thread",
                        "How long from one read to the next, with so many under way? Baseline: the path without the layer.",
                        "CompletionBenchmark.multipath",
                        List.of("CompletionBenchmark.bare"),
                        TIME,
                        "depth",
                        NO_TARGET),
                new Comparison(
                        "A policy that changes",
                        "What does a read cost while the policy changes thousands of times a second? Baseline: another attribute does.",
                        "PolicyChangeBenchmark.changing",
                        List.of("PolicyChangeBenchmark.steady"),
                        TIME,
                        NO_AXIS,
                        NO_TARGET),
                new Comparison(
                        "A path that comes and goes",
                        "How long until a path has joined and left? Baseline: the way through the threads alone.",
                        "PathChangeBenchmark.joinedAndLeft",
                        List.of("PathChangeBenchmark.hops"),
                        TIME,
                        "paths",
                        NO_TARGET),
                new Comparison(
                        "Failover",
                        "How long until all reads on a path that dies have ended on the other one? Baseline: they end on their own path.",
                        "FailoverBenchmark.failedOver",
                        List.of("FailoverBenchmark.ended"),
                        TIME,
                        "requests",
                        "100,000 in at most 50 ms"),
                new Comparison(
                        "A change of all devices",
                        "How long until a state change is in force on every device? Baseline: as many empty tasks of the control loop.",
                        "FleetBenchmark.changed",
                        List.of("FleetBenchmark.tasks"),
                        TIME,
                        "devices",
                        "10,000 devices of 4 paths in at most 20 ms"),
                new Comparison(
                        "Heap of a device",
                        "How many bytes can be reached for each device, with its paths? Baseline: the paths that the caller made.",
                        "FootprintBenchmark.devices",
                        List.of("FootprintBenchmark.candidates"),
                        "bytesPerDevice",
                        "paths",
                        "4 paths in at most 4,096 bytes"),
                new Comparison(
                        "Pages",
                        "What does a page cost to decode? Baseline: every byte of it added up.",
                        "DecodeBenchmark.decoded",
                        List.of("DecodeBenchmark.touched"),
                        TIME,
                        "entries",
                        NO_TARGET));
    }
}
