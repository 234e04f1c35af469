package io.mpath.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Pointer;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import io.mpath.DeviceId;
import io.mpath.IoStatus;
import io.mpath.linux.BlockingThreads;
import io.mpath.linux.LostMemory;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.conformance.Waiting;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house: who may depend on whom, and where time, threads and chance may come from. */
class HouseTest {
    private static final String[] ADAPTERS = {"io.mpath.scsi..", "io.mpath.nvme.."};
    private static final String[] CODECS = {"io.mpath.scsi.command..", "io.mpath.nvme.command.."};
    private static final String[] LINUX = {"io.mpath.linux..", "io.mpath.scsi.linux..", "io.mpath.nvme.linux.."};
    private static final String[] SIMULATIONS = {
        "io.mpath.sim..", "io.mpath.internal.sim..", "io.mpath.scsi.sim..", "io.mpath.nvme.sim.."
    };
    private static final String[] UNPUBLISHED = {"io.mpath.examples..", "io.mpath.bench.."};

    /**
     * Where the system's clock, threads and chance come in, the two that start threads to block in system calls, and the suite's own
     * seam for the thread that runs it.
     */
    private static final DescribedPredicate<JavaClass> SEAM = resideInAPackage("io.mpath.internal.loop..")
            .or(equivalentTo(BlockingThreads.class))
            .or(name("io.mpath.linux.KernelWatch"))
            .or(equivalentTo(LostMemory.class))
            .or(equivalentTo(Waiting.class));

    private static final DescribedPredicate<JavaClass> PUBLISHED =
            resideInAPackage("io.mpath..").and(resideOutsideOfPackages(UNPUBLISHED));
    private static final DescribedPredicate<JavaClass> LIB = PUBLISHED.and(resideOutsideOfPackages(ADAPTERS));
    private static final DescribedPredicate<JavaClass> INTERNALS = resideInAPackage("io.mpath.internal..");
    private static final DescribedPredicate<JavaClass> READER = resideInAPackage("io.mpath.internal.codec");
    /** The rooms of the core that adapters may enter: the codecs the one, all else the others. */
    private static final DescribedPredicate<JavaClass> SHARED =
            resideInAnyPackage("io.mpath.internal.adapter", "io.mpath.internal.sim");

    /** What codecs say of a device, a page and a status: words, and nothing that acts. */
    private static final DescribedPredicate<JavaClass> VOCABULARY = READER.or(
                    resideInAPackage("io.mpath").and(assignableTo(Throwable.class)))
            .or(equivalentTo(DeviceId.class))
            .or(equivalentTo(DeviceId.Type.class))
            .or(equivalentTo(IoStatus.class))
            .or(equivalentTo(Certainty.class))
            .or(equivalentTo(Verdict.class))
            .or(equivalentTo(ReservationKey.class))
            .or(equivalentTo(ReservationType.class));

    /** The host's side of an emulation, which talks to it as a driver talks to a device. */
    private static final DescribedPredicate<JavaClass> SIMULATED_DRIVER = resideInAPackage("io.mpath.nvme.sim")
            .and(nameMatching(".*\\.SimNvme.*"))
            .or(resideInAPackage("io.mpath.scsi.sim")
                    .and(nameMatching(".*\\.SimScsi(Transport|Unit|Queue|Request).*")));

    private static final DescribedPredicate<JavaClass> JNA = resideInAPackage("com.sun.jna..");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.mpath");

    @Test
    void rulesLookAtTheLibrary() {
        assertThat(HOUSE.contain("io.mpath.Multipath")).isTrue();
    }

    @Test
    void coreKnowsNoProtocol() {
        neverDepend(LIB, resideInAnyPackage(ADAPTERS));
    }

    @Test
    void adaptersDoNotKnowEachOther() {
        neverDepend(resideInAPackage("io.mpath.scsi.."), resideInAPackage("io.mpath.nvme.."));
        neverDepend(resideInAPackage("io.mpath.nvme.."), resideInAPackage("io.mpath.scsi.."));
    }

    @Test
    void nothingPublishedDependsOnExamplesOrBenchmarks() {
        neverDepend(PUBLISHED, resideInAnyPackage(UNPUBLISHED));
    }

    @Test
    void internalsStayInTheCoreButForWhatAdaptersShare() {
        neverDepend(resideInAnyPackage(UNPUBLISHED), INTERNALS);
        neverDepend(resideInAnyPackage(CODECS), INTERNALS.and(not(READER)));
        neverDepend(resideInAnyPackage(ADAPTERS).and(resideOutsideOfPackages(CODECS)), INTERNALS.and(not(SHARED)));
    }

    @Test
    void codecsDependOnNothingOfOursButTheVocabulary() {
        for (String codec : CODECS) {
            neverDepend(
                    resideInAPackage(codec),
                    resideInAPackage("io.mpath..")
                            .and(resideOutsideOfPackages(codec))
                            .and(not(VOCABULARY)));
        }
    }

    @Test
    void emulatorsDoNotShareOurCodecs() {
        neverDepend(resideInAnyPackage(SIMULATIONS).and(not(SIMULATED_DRIVER)), resideInAnyPackage(CODECS));
    }

    @Test
    void emulatorsDoNotReachTheCodecsThroughADriver() {
        neverDepend(resideInAnyPackage(SIMULATIONS).and(not(SIMULATED_DRIVER)), SIMULATED_DRIVER);
    }

    @Test
    void productionDoesNotDependOnSimulations() {
        neverDepend(PUBLISHED.and(resideOutsideOfPackages(SIMULATIONS)), resideInAnyPackage(SIMULATIONS));
    }

    @Test
    void onlyLinuxPackagesKnowJna() {
        neverDepend(PUBLISHED.and(resideOutsideOfPackages(LINUX)), JNA);
    }

    @Test
    void signaturesThatUsersSeeNameNoThirdParty() {
        classes()
                .that(PUBLISHED.and(resideOutsideOfPackages("io.mpath..internal..")))
                .should(new ExposeNoThirdParty())
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    @Test
    void timeThreadsAndChanceComeThroughTheSeam() {
        noClasses()
                .that(PUBLISHED.and(not(SEAM)))
                .should(ArchConditions.accessTargetWhere(new BypassTheSeam()))
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    @Test
    void offenderAgainstADependencyIsCaught() {
        assertThat(violations(noClasses().should().dependOnClassesThat(JNA), Signatures.class))
                .isPositive();
    }

    @Test
    void eachOffendingSignatureIsCaught() {
        assertThat(violations(classes().should(new ExposeNoThirdParty()), Signatures.class))
                .isEqualTo(4);
    }

    @Test
    void eachWayAroundTheSeamIsCaught() {
        ArchRule rule = noClasses().should(ArchConditions.accessTargetWhere(new BypassTheSeam()));
        assertThat(violations(rule, Bypasses.class)).isEqualTo(Bypasses.COUNT);
    }

    private static void neverDepend(
            DescribedPredicate<? super JavaClass> these, DescribedPredicate<? super JavaClass> onThose) {
        noClasses()
                .that(these)
                .should()
                .dependOnClassesThat(onThose)
                // Some packages are of one module only, and an adapter need not have all of them.
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    private static int violations(ArchRule rule, Class<?>... offenders) {
        return rule.evaluate(new ClassFileImporter().importClasses(offenders))
                .getFailureReport()
                .getDetails()
                .size();
    }

    /** Three members that a user could not compile against, one that is not shown to one, and one that is fine. */
    public static class Signatures {
        public ImmutableList<String> field = ImmutableList.of();

        public ImmutableList<String> returned() {
            return field;
        }

        public void taken(Stream<ImmutableList<String>> parameter) {}

        protected Pointer pointer() {
            return Pointer.NULL;
        }

        ImmutableList<String> unseen() {
            return field;
        }

        public Stream<String> fine() {
            return field.stream();
        }
    }

    /** Each element is one way around the seam. */
    static class Bypasses {
        static final int COUNT = 20;

        static Object[] bypasses() {
            return new Object[] {
                (LongSupplier) System::nanoTime,
                System.currentTimeMillis(),
                (Sleep) Thread::sleep,
                new Thread("around"),
                (Consumer<Clocked>) Clocked::start,
                Executors.newCachedThreadPool(),
                ThreadLocalRandom.current(),
                Math.random(),
                new Random(),
                CompletableFuture.runAsync(Bypasses::fine),
                new CompletableFuture<Void>().orTimeout(1, TimeUnit.SECONDS),
                Stream.of(1).parallel(),
                (LongConsumer) LockSupport::parkNanos,
                (Sleep) new Object()::wait,
                (Sleep) Thread.currentThread()::join,
                (Sleep) TimeUnit.SECONDS::sleep,
                (TimedWait) new CountDownLatch(1)::await,
                (TimedWait) new CompletableFuture<Void>()::get,
                (TimedWait) new LinkedBlockingQueue<Integer>()::poll,
                (TimedWait) new ReentrantLock()::tryLock
            };
        }

        static Object[] fine(Executor executor) {
            return new Object[] {
                CompletableFuture.runAsync(Bypasses::fine, executor),
                new Random(1),
                Stream.of(1),
                (Runnable) LockSupport::park,
                (UntimedWait) new Object()::wait,
                (UntimedWait) Thread.currentThread()::join,
                (UntimedWait) new CountDownLatch(1)::await,
                (UntimedWait) new CompletableFuture<Void>()::get,
                new LinkedBlockingQueue<Integer>().poll(),
                TimeUnit.SECONDS.convert(1, TimeUnit.HOURS)
            };
        }

        private static void fine() {}
    }

    /** Starting a thread is starting a thread, whatever its class. */
    abstract static class Clocked extends Thread {}

    interface Sleep {
        void sleep(long time) throws InterruptedException;
    }

    interface TimedWait {
        Object within(long time, TimeUnit unit) throws Exception;
    }

    interface UntimedWait {
        void end() throws Exception;
    }
}
