package io.mpath.linux;

import io.mpath.policy.NumaTopology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The machine's memory nodes as {@code /sys/devices/system/node} tells them when this is made; nodes and processors that come
 * later count as node 0 and as far away. The caller's node is that of the processor it runs on at the moment.
 *
 * <p>Threading: immutable; any thread. {@link #currentNode} is one call into the C library, and none on a machine with one node.
 */
public final class LinuxNuma implements NumaTopology {
    private static final int LOCAL = 10;
    // ACPI SLIT: unreachable.
    private static final int UNREACHABLE = 255;
    // Above what the kernel can be built for; a longer list is nonsense.
    private static final int MAX_NUMBER = 1 << 16;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Syscalls syscalls;
    private final int[][] distances;
    private final int[] nodeOfProcessor;

    private LinuxNuma(Syscalls syscalls, int[][] distances, int[] nodeOfProcessor) {
        this.syscalls = syscalls;
        this.distances = distances;
        this.nodeOfProcessor = nodeOfProcessor;
    }

    /**
     * This machine's.
     *
     * @throws io.mpath.MultipathException when JNA is missing
     */
    public static LinuxNuma system() {
        return read(Syscalls.system(), Sysfs.system());
    }

    /** As a tree that looks like {@code /sys} tells; one node where it tells nothing. */
    public static LinuxNuma read(Syscalls syscalls, Sysfs sysfs) {
        Path nodes = sysfs.path("devices/system/node");
        List<Integer> online = numbers(sysfs.text(nodes.resolve("online")).orElse("0"));
        int count = online.stream().mapToInt(node -> node + 1).max().orElse(1);
        int[][] distances = new int[count][count];
        for (int node = 0; node < count; node++) {
            Arrays.fill(distances[node], UNREACHABLE);
            distances[node][node] = LOCAL;
        }
        int[] nodeOfProcessor = new int[0];
        for (int node : online) {
            Path directory = nodes.resolve("node" + node);
            String row = sysfs.text(directory.resolve("distance")).orElse("");
            readDistances(row, online, distances[node]);
            for (int processor :
                    numbers(sysfs.text(directory.resolve("cpulist")).orElse(""))) {
                if (processor >= nodeOfProcessor.length) {
                    nodeOfProcessor = Arrays.copyOf(nodeOfProcessor, processor + 1);
                }
                nodeOfProcessor[processor] = node;
            }
        }
        return new LinuxNuma(syscalls, distances, nodeOfProcessor);
    }

    /** A row has one column for each node that is online, and none for the others. */
    private static void readDistances(String row, List<Integer> online, int[] into) {
        String[] columns = SPACE.split(row, -1);
        for (int column = 0; column < Math.min(columns.length, online.size()); column++) {
            int distance = number(columns[column]);
            if (distance >= LOCAL) {
                into[online.get(column)] = distance;
            }
        }
    }

    /** The numbers of a list such as {@code 0-3,8} ({@code cpuset(7)}, list format); what is none is left out. */
    static List<Integer> numbers(String list) {
        List<Integer> numbers = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = number(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : number(range.substring(dash + 1));
            for (int number = first; number >= 0 && number <= last; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            return number < MAX_NUMBER ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public int currentNode() {
        if (distances.length == 1) {
            return 0;
        }
        int processor = syscalls.currentProcessor();
        return processor >= 0 && processor < nodeOfProcessor.length ? nodeOfProcessor[processor] : 0;
    }

    @Override
    public int nodes() {
        return distances.length;
    }

    @Override
    public int distance(int from, int to) {
        return distances[from][to];
    }
}
