import io.mpath.sim.SimOptions;
import io.mpath.sim.SimViolation;
import io.mpath.sim.Simulation;

/**
 * Runs simulations from seed 1 on until one breaks a rule, and prints how many that took and which rule it was; or how many were
 * clean.
 *
 * <p>{@code java -p CLASSES:JARS --add-modules io.mpath SeedSweep.java SEEDS SECONDS}
 */
final class SeedSweep {
    public static void main(String[] args) {
        int seeds = Integer.parseInt(args[0]);
        long end = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000_000L;
        int seed = 0;
        String rule = "";
        while (rule.isEmpty() && seed < seeds && System.nanoTime() < end) {
            seed++;
            rule = broken(seed);
        }
        System.out.println((rule.isEmpty() ? "clean" : "broken") + "\t" + seed + "\t" + rule);
        System.exit(0);
    }

    private static String broken(long seed) {
        try {
            Simulation.run(SimOptions.of(seed));
            return "";
        } catch (SimViolation e) {
            return e.rule();
        } catch (RuntimeException | Error e) {
            return "threw " + e.getClass().getSimpleName();
        }
    }
}
