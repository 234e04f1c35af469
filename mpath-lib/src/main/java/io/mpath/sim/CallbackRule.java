package io.mpath.sim;

import io.mpath.observe.MultipathEvent;

/** The control loop runs no code of its users: neither callbacks nor listeners. */
final class CallbackRule implements Rule {
    private static final String RULE = "the control loop runs no foreign code";

    private final SimWorld world;
    private final Referee referee;

    CallbackRule(SimWorld world, Referee referee) {
        this.world = world;
        this.referee = referee;
    }

    @Override
    public void ended(ClientRequest request) {
        notOnLoop(request);
    }

    @Override
    public void released(ClientRequest request) {
        notOnLoop(request);
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
