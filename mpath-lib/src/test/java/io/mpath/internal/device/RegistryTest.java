package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Admission;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.Multipath;
import io.mpath.Multipath.LeftOutPath;
import io.mpath.MultipathException;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of candidates. */
class RegistryTest {
    @Test
    void whatIsLeftOutIsNotOpened() {
        var scene = Scene.of(SimWorld.seeded(1), Admission.capable(), DeviceSettings.defaults());
        scene.array.withPort("a");
        var watched = new Watched(scene.path("a").notCapable("has one port"));

        assertThat(scene.await(scene.registry.offer(watched))).isEqualTo(new Offer.LeftOut("a.d", "has one port"));
        assertThat(watched.opened).isZero();
        assertThat(scene.registry.leftOut()).containsExactly(new LeftOutPath("a.d", "has one port"));
        scene.idle();
        assertThat(scene.events(MultipathEvent.PathLeftOut.class)).hasSize(1);
    }

    @Test
    void admittedCandidateIsOpenedOnce() {
        var scene = Scene.of(SimWorld.seeded(1), Admission.capable(), DeviceSettings.defaults());
        scene.array.withPort("a");
        var watched = new Watched(scene.path("a"));
        scene.await(scene.registry.offer(watched));

        assertThat(watched.opened).isOne();
        assertThat(scene.registry.leftOut()).isEmpty();
    }

    @Test
    void whatHasOnePathOnlyIsLeftOutOnceItIsOpenAndClosedAgain() {
        var scene = Scene.of(SimWorld.seeded(1), Admission.capable(), DeviceSettings.defaults());
        scene.array.withPort("a");
        scene.disk().describe(Scene.description("d").withNotCapable("a private namespace"));
        String reason = "a private namespace; it can be opened bare";

        var watched = new Watched(scene.path("a"));

        assertThat(scene.await(scene.registry.offer(watched))).isEqualTo(new Offer.LeftOut("a.d", reason));
        scene.idle();
        assertThat(watched.opened).isOne();
        assertThat(scene.registry.devices()).isEmpty();
        assertThat(scene.registry.leftOut()).containsExactly(new LeftOutPath("a.d", reason));
        assertThat(scene.events(MultipathEvent.PathLeftOut.class)).hasSize(1);
        assertThat(scene.registry.openBare(scene.path("a")).id()).isEqualTo(DeviceId.named("d"));
    }

    @Test
    void whatHasOnePathOnlyIsTakenInWhereTheUserSaysSo() {
        Admission always = Admission.capable().withMode(Admission.Mode.ALWAYS);
        var scene = Scene.of(SimWorld.seeded(1), always, DeviceSettings.defaults());
        scene.array.withPort("a");
        scene.disk().describe(Scene.description("d").withNotCapable("a private namespace"));

        assertThat(scene.await(scene.offer("a"))).isInstanceOf(Offer.Admitted.class);
        assertThat(scene.registry.leftOut()).isEmpty();
    }

    /** A path is told of a second controller after it has joined, or loses it: that is no reason to take it out. */
    @Test
    void pathInUseThatSaysThatItIsTheOnlyOneStays() {
        var scene = Scene.with("a", "b");
        scene.path("a")
                .describe(() -> Scene.description("d").withNotCapable("a subsystem of one controller"))
                .changed();
        scene.idle();

        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void modesAndOptOutDecideInTheirOrder() {
        assertThat(reason(Admission.capable().withMode(Admission.Mode.OFF), null, null))
                .isEqualTo("multipath is off");
        assertThat(reason(Admission.capable(), "not capable", null)).isEqualTo("not capable");
        assertThat(reason(Admission.capable().withMode(Admission.Mode.ALWAYS), "not capable", null))
                .isEmpty();
        assertThat(reason(Admission.capable(), null, "advised against")).isEqualTo("advised against");
        assertThat(reason(Admission.capable().withOptedOut(true), null, "advised against"))
                .isEmpty();
        assertThat(reason(Admission.capable().and(candidate -> false), null, null))
                .contains("predicate");
        assertThat(reason(Admission.capable(), null, null)).isEmpty();
    }

    @Test
    void predicateThatThrowsFailsTheOffer() {
        Admission broken = Admission.capable().and(candidate -> {
            throw new IllegalStateException("no idea");
        });
        var scene = Scene.of(SimWorld.seeded(1), broken, DeviceSettings.defaults());
        scene.array.withPort("a");

        assertThat(scene.failureOf(scene.offer("a"))).isInstanceOf(MultipathException.class);
    }

    @Test
    void secondCandidateOfANameIsRefusedWhileTheFirstIsBeingOpened() {
        var scene = Scene.of(SimWorld.seeded(1), Admission.capable(), DeviceSettings.defaults());
        scene.array.withPort("a");
        scene.world.blocking().hold();
        CompletableFuture<Offer> first = scene.offer("a");
        CompletableFuture<Offer> second = scene.offer("a");
        assertThat(scene.await(second)).isEqualTo(new Offer.Refused("a.d", "is a path here already"));
        scene.world.blocking().release();

        assertThat(scene.await(first)).isInstanceOf(Offer.Admitted.class);
    }

    @Test
    void contradictionsAreRefusedAndTheirPathsClosed() {
        var scene = Scene.with("a");
        scene.array.withPort("serial").withPort("block");
        scene.path("serial").describeAttributes(Map.of("serial", "another"));
        scene.path("block").describeGeometry(Geometry.of(Scene.SIZE, 4096));

        assertThat(refusal(scene, "serial")).contains("serial is 'another', not 's-d'");
        assertThat(refusal(scene, "block")).contains("logical block size is 4096, not 512");
        assertThat(scene.device().snapshot().paths()).hasSize(1);
        assertThat(scene.registry.leftOut()).hasSize(2);
        scene.path("serial").describe(null);
        assertThat(scene.await(scene.offer("serial"))).isInstanceOf(Offer.Admitted.class);
        assertThat(scene.registry.leftOut()).hasSize(1);
    }

    @Test
    void candidateThatCannotBeOpenedOrDescribedFailsAndMayBeOfferedAgain() {
        var scene = Scene.with("a");
        scene.array.withPort("b");
        scene.path("b").openFails("no such device");
        assertThat(scene.failureOf(scene.offer("b"))).hasMessageContaining("no such device");
        scene.path("b").openFails(null).describeFails("timed out");
        assertThat(scene.failureOf(scene.offer("b"))).hasMessageContaining("timed out");
        scene.path("b").describe(null);

        assertThat(scene.await(scene.offer("b"))).isInstanceOf(Offer.Admitted.class);
        assertThat(scene.registry.leftOut()).isEmpty();
    }

    @Test
    void errorOfANativeLibraryFailsTheOfferToo() {
        var scene = Scene.with("a");
        var broken = new Watched(scene.path("a")) {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public DevicePath open() {
                throw new UnsatisfiedLinkError("no such library");
            }
        };

        assertThat(scene.failureOf(scene.registry.offer(broken))).hasMessageContaining("no such library");
        assertThat(scene.failureOf(scene.registry.offer(broken))).hasMessageContaining("no such library");
    }

    @Test
    void deviceIsMadeForEachIdentity() {
        var scene = Scene.with("a", "b");
        scene.array.withDisk("e", Scene.description("e"));
        scene.await(scene.registry.offer(scene.array.path("b", "e")));

        assertThat(scene.registry.devices())
                .extracting(device -> device.id().toString())
                .containsExactly("name.d", "name.e");
        assertThat(scene.device().snapshot().paths()).hasSize(2);
    }

    /** Two units with one identifier, or one unit that would be two devices: neither is safe to write to. */
    @Test
    void unitThatIsAlsoKnownAsAnotherDeviceIsRefusedUntilThatEnds() {
        var scene = Scene.with("a", "b");
        DeviceId shared = DeviceId.named("shared");
        scene.array.withDisk("e", Scene.description("e").withAliases(Set.of(shared)));
        scene.array.withDisk("f", Scene.description("f").withAliases(Set.of(shared)));
        scene.array.withDisk("g", Scene.description("g").withAliases(Set.of(DeviceId.named("e"))));

        scene.await(scene.registry.offer(scene.array.path("a", "e")));

        for (String other : List.of("f", "g")) {
            assertThat(scene.await(scene.registry.offer(scene.array.path("a", other))))
                    .isInstanceOfSatisfying(
                            Offer.Refused.class,
                            refused -> assertThat(refused.reason()).contains("name." + other, "name.e"));
        }
        assertThat(scene.await(scene.registry.offer(scene.array.path("b", "e"))))
                .isInstanceOf(Offer.Admitted.class);
        scene.array.path("a", "e").vanish();
        scene.array.path("b", "e").vanish();
        scene.idle();
        assertThat(scene.await(scene.registry.offer(scene.array.path("b", "f"))))
                .isInstanceOf(Offer.Admitted.class);
    }

    @Test
    void sizeChangesWhenAllPathsSaySoAndNotBefore() {
        for (long size : List.of(Scene.SIZE * 2, Scene.SIZE / 2)) {
            var scene = Scene.with("a", "b", "c");
            var grown = Scene.GEOMETRY.withSize(size);
            for (String port : List.of("a", "b")) {
                scene.path(port).describeGeometry(grown).changed();
                scene.idle();
                assertThat(scene.device().geometry().sizeBytes()).isEqualTo(Scene.SIZE);
                assertThat(scene.seen(port).usable()).isFalse();
                assertThat(scene.seen(port).reason()).contains("its capacity is " + size);
            }
            assertThat(scene.seen("c").usable()).isTrue();
            Told read = scene.read(0);
            scene.idle();
            assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
            scene.path("c").describeGeometry(grown).changed();
            scene.idle();

            assertThat(scene.device().geometry().sizeBytes()).isEqualTo(size);
            assertThat(scene.device().snapshot().paths()).allMatch(path -> path.usable());
            assertThat(scene.events(MultipathEvent.DeviceResized.class)).hasSize(1);
        }
    }

    @Test
    void oneReportIsEnoughWhenTheWholeDiskWasResized() {
        var scene = Scene.with("a", "b", "c");
        scene.disk().resize(Scene.SIZE * 2);
        scene.path("b").changed();
        scene.idle();

        assertThat(scene.device().geometry().sizeBytes()).isEqualTo(Scene.SIZE * 2);
        assertThat(scene.device().snapshot().paths()).allMatch(path -> path.usable());
    }

    @Test
    void joiningPathMayBeTheFirstToKnowTheNewSize() {
        var scene = Scene.with("a", "b");
        scene.disk().resize(Scene.SIZE * 2);
        scene.array.withPort("c");

        assertThat(scene.await(scene.offer("c"))).isInstanceOf(Offer.Admitted.class);
        assertThat(scene.device().geometry().sizeBytes()).isEqualTo(Scene.SIZE * 2);
    }

    @Test
    void joiningPathOfAnotherSizeIsRefusedWhenTheOthersDisagree() {
        var scene = Scene.with("a");
        scene.array.withPort("b");
        scene.path("b").describeGeometry(Scene.GEOMETRY.withSize(Scene.SIZE * 2));

        assertThat(refusal(scene, "b")).contains("its capacity is " + Scene.SIZE * 2);
    }

    @Test
    void offerIsAnsweredAlthoughThePathThatIsAskedForItsSizeGoes() {
        var scene = Scene.with("a");
        scene.array.withPort("b");
        scene.path("b").describeGeometry(Scene.GEOMETRY.withSize(Scene.SIZE * 2));
        scene.path("a").describe(() -> {
            scene.world.blocking().hold();
            scene.path("a").vanish();
            return Scene.description("d");
        });
        CompletableFuture<Offer> offer = scene.offer("b");
        scene.idle();

        assertThat(offer).isCompleted();
        assertThat(offer.join()).isInstanceOf(Offer.Admitted.class);
    }

    @Test
    void closingTheRegistryAnswersAnOfferThatWaitsForASize() {
        var scene = Scene.with("a");
        scene.array.withPort("b");
        scene.path("b").describeGeometry(Scene.GEOMETRY.withSize(Scene.SIZE * 2));
        var closed = new ArrayList<CompletableFuture<Void>>();
        scene.path("a").describe(() -> {
            closed.add(scene.registry.closeAsync());
            return Scene.description("d");
        });
        CompletableFuture<Offer> offer = scene.offer("b");

        assertThat(scene.await(offer)).isEqualTo(new Offer.Refused("b.d", "the registry is closed"));
        scene.await(closed.get(0));
    }

    @Test
    void geometryIsWhatEveryPathCanDo() {
        var scene = Scene.with("a");
        scene.array.withPort("b");
        scene.path("b").describeGeometry(Geometry.of(Scene.SIZE, Scene.BLOCK));
        scene.await(scene.offer("b"));
        assertThat(scene.device().geometry().operations()).doesNotContain(IoOperation.DISCARD);
        scene.await(scene.device().removePath("b.d"));

        assertThat(scene.device().geometry()).isEqualTo(Scene.GEOMETRY);
    }

    @Test
    void returningPathIsNotUsedBeforeItHasSaidWhatItLeadsTo() {
        var scene = Scene.with("a", "b");
        scene.port("a").pull();
        scene.idle();
        scene.world.blocking().hold();
        scene.port("a").putBack();
        scene.idle();
        assertThat(scene.seen("a").usable()).isFalse();
        assertThat(scene.seen("a").reason()).contains("identity");
        scene.world.blocking().release();
        scene.idle();

        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void returningPathThatLeadsElsewhereIsNotUsed() {
        var scene = Scene.with("a", "b");
        scene.port("a").pull();
        scene.path("a").describeIdentity(DeviceId.named("other"));
        scene.port("a").putBack();
        scene.idle();

        assertThat(scene.seen("a").usable()).isFalse();
        assertThat(scene.seen("a").reason()).isEqualTo("its identity is name.other, not name.d");
        assertThat(scene.events(MultipathEvent.PathMismatch.class)).hasSize(1);
        scene.path("a").describe(null).changed();
        scene.idle();
        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void returningPathThatCannotBeDescribedIsAskedAgain() {
        var scene = Scene.with("a", "b");
        scene.port("a").pull();
        scene.path("a").describeFails("not yet");
        scene.port("a").putBack();
        scene.passMillis(999);
        assertThat(scene.seen("a").reason()).contains("could not be described").contains("not yet");
        scene.path("a").describe(null);
        scene.passMillis(1);

        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void pathInUseThatCannotBeDescribedIsUsedAsBefore() {
        var scene = Scene.with("a");
        scene.path("a").describeFails("busy").changed();
        scene.idle();

        assertThat(scene.seen("a").usable()).isTrue();
    }

    /** It may tell which unit it is, and nothing else: its size then is what it was, and its attributes are missing. */
    @Test
    void pathInUseThatNamesAnotherUnitIsIsolatedWhateverElseItSays() {
        DeviceId other = DeviceId.named("other");
        Map<String, String> same = Scene.description("d").attributes();
        for (PathDescription said : List.of(
                new PathDescription(other, Scene.GEOMETRY),
                new PathDescription(other, same, Scene.GEOMETRY.withSize(2 * Scene.SIZE)),
                new PathDescription(other, Geometry.of(Scene.SIZE, 4096)),
                new PathDescription(other, Map.of("serial", "another"), Geometry.of(8 * Scene.SIZE, 4096)))) {
            var scene = Scene.with("a", "b");
            scene.path("a").describe(() -> said).changed();
            scene.idle();

            assertThat(scene.seen("a").usable()).as("%s", said).isFalse();
            assertThat(scene.seen("a").reason()).isEqualTo("its identity is name.other, not name.d");
            assertThat(scene.seen("b").usable()).isTrue();
            assertThat(scene.device().geometry()).isEqualTo(Scene.GEOMETRY);
        }
    }

    @Test
    void onlyPathThatNamesAnotherUnitIsIsolatedTooAndItsDeviceWaits() {
        var scene = Scene.with("a");
        scene.path("a")
                .describe(() -> new PathDescription(DeviceId.named("other"), Scene.GEOMETRY))
                .changed();
        scene.idle();
        scene.write(0, 1);
        scene.idle();

        assertThat(scene.path("a").submitted()).isZero();
        assertThat(scene.disk().executed()).isZero();
    }

    /** Something is reported while it answers, so it is asked again, and that time there is no answer. */
    @Test
    void pathThatNamesAnotherUnitBeforeItFallsSilentIsIsolated() {
        var scene = Scene.with("a", "b");
        int[] asked = new int[1];
        scene.path("a").describe(() -> {
            if (asked[0]++ > 0) {
                throw new MultipathException("no answer");
            }
            scene.path("a").changed();
            return new PathDescription(DeviceId.named("other"), Scene.GEOMETRY);
        });
        scene.path("a").changed();
        scene.idle();

        assertThat(asked[0]).isEqualTo(2);
        assertThat(scene.seen("a").usable()).isFalse();
        scene.path("a").describe(null);
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void clonesAreRefusedWhereAllPathsThatArePresentAreIsolated() {
        var scene = Scene.with("a");
        scene.path("a").describeIdentity(DeviceId.named("other")).changed();
        scene.idle();
        scene.array.withPort("serial").withPort("block").withPort("size").withPort("grown");
        scene.path("serial").describeAttributes(Map.of("serial", "another"));
        scene.path("block").describeGeometry(Geometry.of(Scene.SIZE, 4096));
        scene.path("size")
                .describe(() -> new PathDescription(DeviceId.named("d"), Scene.GEOMETRY.withSize(2 * Scene.SIZE)));
        scene.path("grown").describeGeometry(Scene.GEOMETRY.withSize(2 * Scene.SIZE));

        assertThat(refusal(scene, "serial")).isEqualTo("its serial is 'another', not 's-d'");
        assertThat(refusal(scene, "block")).contains("logical block size is 4096, not 512");
        assertThat(refusal(scene, "size")).contains("its capacity is " + 2 * Scene.SIZE);
        assertThat(scene.device().geometry()).isEqualTo(Scene.GEOMETRY);
        assertThat(scene.await(scene.offer("grown"))).isInstanceOf(Offer.Admitted.class);
        scene.idle();
        assertThat(scene.device().geometry().sizeBytes()).isEqualTo(2 * Scene.SIZE);
        assertThat(scene.seen("grown").usable()).isTrue();
    }

    /** One path alone has told the serial number, and has left since. */
    @Test
    void deviceKnowsWhatAPathHasToldThatLeft() {
        var scene = Scene.with();
        scene.array.withPort("a").withPort("b").withPort("c");
        scene.path("a").describeAttributes(Map.of());
        scene.path("c").describeAttributes(Map.of("serial", "another"));
        scene.await(scene.offer("a"));
        scene.await(scene.offer("b"));
        scene.path("b").vanish();
        scene.idle();

        assertThat(refusal(scene, "c")).isEqualTo("its serial is 'another', not 's-d'");
        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void pathWhoseIdentityIsInDoubtIsNotUsedBeforeItIsDescribed() {
        var scene = Scene.with("a", "b");
        scene.path("a").describeFails("busy").identityInDoubt();
        scene.idle();
        assertThat(scene.seen("a").usable()).isFalse();
        assertThat(scene.seen("b").usable()).isTrue();
        scene.path("a").describe(null);
        scene.passMillis(1_000);

        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    /** As hot plug has it: the removal is told by one thread, and the node's next life is found by another. */
    @Test
    void offerBehindTheReportThatThePathIsGoneIsAdmitted() {
        for (long seed = 0; seed < 30; seed++) {
            var scene = Scene.in(SimWorld.seeded(seed), DeviceSettings.defaults(), "a", "b");
            scene.path("a").vanish();

            assertThat(scene.await(scene.offer("a"))).isInstanceOf(Offer.Admitted.class);
            assertThat(scene.seen("a").usable()).isTrue();
        }
    }

    @Test
    void offerWaitsForThePathOfItsNameWhosePortIsBeingDeleted() {
        var scene = Scene.with("a", "b");
        var nextPort = new PathPort("a2");
        scene.array.withPort(nextPort);
        var next = new SimPath("a.d", scene.port("a2"), scene.disk());
        scene.port("a").liveness(Liveness.DELETING);
        scene.idle();
        CompletableFuture<Offer> first = scene.registry.offer(next);
        CompletableFuture<Offer> second = scene.registry.offer(next);
        scene.pass(Duration.ofMinutes(1));
        assertThat(first).isNotDone();
        scene.port("a").liveness(Liveness.DEAD);

        assertThat(scene.await(first)).isInstanceOf(Offer.Admitted.class);
        assertThat(scene.await(second)).isEqualTo(new Offer.Refused("a.d", "is a path here already"));
        assertThat(Scene.record(scene.device(), "a").path().port()).isSameAs(nextPort);
    }

    @Test
    void pathOfAPortThatMayReturnStaysAndItsNameIsRefused() {
        var scene = Scene.with("a", "b");
        scene.port("a").pull();
        scene.idle();

        assertThat(refusal(scene, "a")).isEqualTo("is a path here already");
    }

    @Test
    void offerThatWaitsIsAnsweredWhenTheRegistryCloses() {
        var scene = Scene.with("a", "b");
        scene.port("a").liveness(Liveness.DELETING);
        scene.idle();
        CompletableFuture<Offer> offer = scene.offer("a");
        scene.idle();
        scene.await(scene.registry.closeAsync());

        assertThat(scene.failureOf(offer))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("closed");
    }

    private static String refusal(Scene scene, String port) {
        return ((Offer.Refused) scene.await(scene.offer(port))).reason();
    }

    private static String reason(Admission admission, @Nullable String notCapable, @Nullable String optOut) {
        var scene = Scene.of(SimWorld.seeded(1), admission, DeviceSettings.defaults());
        scene.array.withPort("a");
        scene.path("a").notCapable(notCapable).optOut(optOut);
        return scene.await(scene.offer("a")) instanceof Offer.LeftOut out ? out.reason() : "";
    }

    /** Counts how often a candidate is opened. */
    private static class Watched implements PathCandidate {
        private final PathCandidate candidate;
        int opened;

        Watched(PathCandidate candidate) {
            this.candidate = candidate;
        }

        @Override
        public String name() {
            return candidate.name();
        }

        @Override
        public String transport() {
            return candidate.transport();
        }

        @Override
        public Optional<String> notCapable() {
            return candidate.notCapable();
        }

        @Override
        public DevicePath open() {
            opened++;
            return candidate.open();
        }
    }

    @Test
    void pathThatIsReadyWhenItJoinsIsUsableOnceTheOfferIsAnswered() {
        for (int seed = 0; seed < 20; seed++) {
            var world = SimWorld.seeded(seed);
            var registry = Multipath.builder().environment(world.environment()).build();
            var array = SimArray.in(world).withPort("a").withDisk("d", Scene.description("d"));

            Offer offer = world.await(array.offerTo(registry).get(0));

            assertThat(offer)
                    .isInstanceOfSatisfying(
                            Offer.Admitted.class,
                            admitted -> assertThat(admitted.device().state()).isEqualTo(DeviceState.LIVE));
        }
    }
}
