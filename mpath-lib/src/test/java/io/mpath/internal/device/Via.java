package io.mpath.internal.device;

import io.mpath.Admission;
import io.mpath.DeviceSettings;
import io.mpath.sim.SimWorld;

/** By which door the requests of a scene go in: what becomes of them is the same. */
enum Via {
    SHARED_DOOR,
    CHANNEL;

    Scene of(SimWorld world, Admission admission, DeviceSettings settings) {
        return Scene.via(this, world, admission, settings);
    }

    Scene with(DeviceSettings settings, String... ports) {
        return in(SimWorld.seeded(1), settings, ports);
    }

    Scene with(String... ports) {
        return with(DeviceSettings.defaults(), ports);
    }

    Scene in(SimWorld world, DeviceSettings settings, String... ports) {
        return of(world, Admission.capable(), settings).joined(ports);
    }
}
