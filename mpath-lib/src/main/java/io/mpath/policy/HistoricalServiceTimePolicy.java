package io.mpath.policy;

import java.util.List;

/**
 * The path with the least (requests in flight + 1) × historical service time: when it would have served one more request, did it
 * serve them one after the other, each in the time that it took lately (Linux dm-multipath: path selector {@code
 * historical-service-time}).
 *
 * <p>Where dm reads the clock twice for every request, and takes from a request's end the later of its start and the end before
 * it, here one request in many is timed, and its latency divided by how many the port had when it was sent ({@link
 * ServiceHistory#serviceNanos}): the same for a path that is busy, and for one that serves a request at a time. As in dm a path
 * is tried again that served nothing for as long as it takes to serve one request for each path of the device, whether or not
 * it is the best; a path of which nothing is known is tried at once, and until something is, requests go where the fewest are in
 * flight. Differences: the tried path need not be idle, a path that does not answer is tried more and more rarely (see {@link
 * ServiceHistory#probeNanos}), one of which little is known is thought slower than it seems ({@link ServiceHistory#caution}), and
 * requests are counted through the whole port, over all its logical units.
 *
 * <p>Costs a synchronous caller something: with four paths, one of them four times slower, about every twentieth request takes the
 * slow one. {@link LatencyPolicy} tries paths again more rarely.
 */
public record HistoricalServiceTimePolicy() implements IoPolicy {
    @Override
    public String name() {
        return "historical-service-time";
    }

    @Override
    public boolean countsInFlight() {
        return true;
    }

    @Override
    public boolean timesRequests() {
        return true;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        return candidates.size() == 1
                ? cursor -> 0
                : new LeastExpected(candidates, ServiceHistory::serviceNanos, candidates.size());
    }
}
