package io.mpath.examples;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** A call, or a reference to a method, that takes time, a thread or chance from the JDK and not from what was given. */
final class BypassTheSeam extends DescribedPredicate<JavaAccess<?>> {
    /** Any use of these is one. */
    private static final Set<Class<?>> SOURCES = Set.of(
            Clock.class, Executors.class, ForkJoinPool.class, SecureRandom.class, ThreadLocalRandom.class, Timer.class);

    BypassTheSeam() {
        super("take time, threads or chance from the JDK");
    }

    @Override
    public boolean test(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        JavaClass owner = target.getOwner();
        return SOURCES.stream().anyMatch(owner::isEquivalentTo)
                || isConstructor(target, Thread.class)
                || isConstructor(target, ThreadPoolExecutor.class)
                || isUnseeded(target, Random.class)
                || isUnseeded(target, SplittableRandom.class)
                || isMethod(target, System.class, "nanoTime", "currentTimeMillis")
                || isMethod(target, Thread.class, "start", "sleep")
                || isMethod(target, Math.class, "random")
                || isMethod(target, Instant.class, "now")
                || isMethod(target, UUID.class, "randomUUID")
                || isMethod(target, LockSupport.class, "parkNanos", "parkUntil")
                || isMethod(target, Condition.class, "awaitNanos", "awaitUntil")
                || isMethod(target, TimeUnit.class, "sleep", "timedJoin", "timedWait")
                || isTimedByMillis(target)
                || isTimedByUnit(access, target)
                || isAsyncOnTheCommonPool(target)
                || target.getName().equals("parallelStream")
                || target.getName().equals("parallel");
    }

    private static boolean isConstructor(CodeUnitAccessTarget target, Class<?> type) {
        return target.getName().equals("<init>") && target.getOwner().isAssignableTo(type);
    }

    private static boolean isUnseeded(CodeUnitAccessTarget target, Class<?> type) {
        return isConstructor(target, type) && target.getRawParameterTypes().isEmpty();
    }

    private static boolean isMethod(AccessTarget target, Class<?> type, String... names) {
        return Set.of(names).contains(target.getName()) && target.getOwner().isAssignableTo(type);
    }

    /** {@code Object.wait} and {@code Thread.join}, unless for as long as it takes. */
    private static boolean isTimedByMillis(CodeUnitAccessTarget target) {
        return (isMethod(target, Object.class, "wait") || isMethod(target, Thread.class, "join"))
                && target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(long.class));
    }

    /** {@code get}, {@code await}, {@code poll}, {@code tryLock}, {@code orTimeout} …: whatever takes a time and its unit. */
    private static boolean isTimedByUnit(JavaAccess<?> access, CodeUnitAccessTarget target) {
        // A future of ours that overrides one of these, to refuse it, has a bridge method that calls its own.
        return target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(TimeUnit.class))
                && !target.getOwner().isEquivalentTo(TimeUnit.class)
                && !access.getOriginOwner().equals(target.getOwner());
    }

    private static boolean isAsyncOnTheCommonPool(CodeUnitAccessTarget target) {
        return target.getName().endsWith("Async")
                && target.getOwner().isAssignableTo(CompletionStage.class)
                && target.getRawParameterTypes().stream().noneMatch(type -> type.isAssignableTo(Executor.class));
    }
}
