package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A flush that succeeds has reached each port through which a write landed that was acknowledged before it was handed in: as if
 * each port kept what is written through it in a cache of its own. What the device counts as out of reach is forgiven from the
 * acknowledgement on.
 */
final class FlushRule implements Rule {
    private static final String RULE = "what is flushed has left the cache of every port";

    /** A write took effect through {@code port}, as number {@code step} of all that did. */
    private record Landing(String port, long step) {}

    /** The last of the acknowledged writes through a port, and how many flushes had not reached theirs by then. */
    private record Acknowledged(long step, long unreached) {}

    private final Referee referee;
    private long steps;

    /** By the number of the write, and where in it. */
    private final Map<Long, Map<Long, Landing>> landings = new HashMap<>();

    private final IdentityHashMap<MultipathDevice, Map<String, Acknowledged>> dirty = new IdentityHashMap<>();
    private final IdentityHashMap<ClientRequest, Map<String, Acknowledged>> promised = new IdentityHashMap<>();
    private final Map<String, Long> flushed = new HashMap<>();

    FlushRule(Referee referee) {
        this.referee = referee;
    }

    @Override
    public void began(ClientRequest request) {
        if (request.operation == IoOperation.FLUSH) {
            promised.put(request, Map.copyOf(dirty.getOrDefault(request.device, Map.of())));
        }
    }

    @Override
    public void landed(Unit unit, SimDisk.Execution execution, byte[] data) {
        Route route = unit.route(execution.path());
        if (route == null || !unit.geometry().flushPerPort()) {
            return;
        }
        String port = route.path().port().port().name();
        steps++;
        if (execution.operation() == IoOperation.WRITE) {
            landings.computeIfAbsent(ByteBuffer.wrap(data).getLong(0), number -> new HashMap<>())
                    .put(execution.offset(), new Landing(port, steps));
        } else if (execution.operation() == IoOperation.FLUSH) {
            flushed.put(cache(unit, port), steps);
        }
    }

    private static String cache(Unit unit, String port) {
        return unit.name() + " behind " + port;
    }

    @Override
    public void ended(ClientRequest request) {
        Map<Long, Landing> parts = landings.remove(request.number);
        boolean well = request.status == IoStatus.SUCCESS;
        if (parts != null && well && request.operation == IoOperation.WRITE) {
            Map<String, Acknowledged> ports = dirty.computeIfAbsent(request.device, device -> new HashMap<>());
            for (Landing landing : parts.values()) {
                Acknowledged before = ports.get(landing.port());
                if (before == null || before.step() < landing.step()) {
                    ports.put(landing.port(), new Acknowledged(landing.step(), unreached(request.device)));
                }
            }
        }
        Map<String, Acknowledged> ports = promised.remove(request);
        if (ports != null && well) {
            ports.forEach((port, last) -> check(request, port, last));
        }
    }

    private void check(ClientRequest flush, String port, Acknowledged last) {
        long covered = flushed.getOrDefault(cache(flush.unit, port), 0L);
        if (covered < last.step() && unreached(flush.device) == last.unreached()) {
            throw referee.broken(
                    RULE,
                    flush + " has ended well, and what was written through " + port + " before it is not flushed");
        }
    }

    private static long unreached(MultipathDevice device) {
        return device.snapshot().counters().unreachedFlushes();
    }
}
