package io.mpath.sim;

import io.mpath.observe.MultipathEvent;

/** The control loop runs no code of its users: neither callbacks nor listeners. What goes through a channel is told its owner. */
final class CallbackRule implements Rule {
    private static final String RULE = "the control loop runs no foreign code";
    private static final String CHANNEL = "a channel tells its owner";

    private final SimWorld world;
    private final Referee referee;

    CallbackRule(SimWorld world, Referee referee) {
        this.world = world;
        this.referee = referee;
    }

    @Override
    public void ended(ClientRequest request) {
        toldWhereItMayBe(request);
    }

    @Override
    public void released(ClientRequest request) {
        toldWhereItMayBe(request);
    }

    private void toldWhereItMayBe(ClientRequest request) {
        notOnLoop(request);
        if (request.form == ClientRequest.Form.CHANNEL
                && !world.current().name().equals(request.client)) {
            throw referee.broken(CHANNEL, request + " of " + request.client + " is told on " + world.current());
        }
    }

    @Override
    public void told(MultipathEvent event) {
        notOnLoop(event);
    }

    private void notOnLoop(Object what) {
        if (world.onLoop()) {
            throw referee.broken(RULE, "it tells of " + what);
        }
    }
}
