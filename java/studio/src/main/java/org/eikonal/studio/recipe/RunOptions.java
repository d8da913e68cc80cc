package org.eikonal.studio.recipe;

import java.util.List;

/**
 * What a user asked for beside recipe and scene; null is what was not asked for.
 *
 * @param device {@code "auto"}, {@code "cpu"}, {@code "cuda"} or {@code "cuda:N"}, the GPU of index N
 * @param threads CPU threads, 0 for all
 * @param seed where random numbers start, 0 to 2^53
 * @param steps training steps in all, above 0; not together with {@code seconds}
 * @param seconds wall time of training in all, above 0
 * @param settings {@code key=value} each, applied to the recipe's settings in their order
 */
public record RunOptions(
        String device, Integer threads, Long seed, Long steps, Double seconds, List<String> settings) {
    static final long LARGEST_SEED = 1L << 53;
    static final int MOST_THREADS = 1024;
    private static final long LONG_STEPS = 16_000;
    private static final double LONG_SECONDS = 240;

    /** @throws ConfigException naming the option that is out of its range */
    public RunOptions {
        settings = List.copyOf(settings);
        if (device != null) {
            DeviceName.of(device);
        }
        if (threads != null && (threads < 0 || threads > MOST_THREADS)) {
            throw new ConfigException("threads is " + threads + "; it must be 0 (all) to " + MOST_THREADS);
        }
        if (seed != null && (seed < 0 || seed > LARGEST_SEED)) {
            throw new ConfigException("seed is " + seed + "; it must be 0 to " + LARGEST_SEED);
        }
        if (steps != null && seconds != null) {
            throw new ConfigException("steps and seconds are both given; training ends by one of them: drop the other");
        }
        if (steps != null && steps < 1) {
            throw new ConfigException("steps is " + steps + "; it must be 1 or more");
        }
        if (seconds != null && !(seconds > 0 && Double.isFinite(seconds))) {
            throw new ConfigException("seconds is " + seconds + "; it must be above 0");
        }
    }

    /** @return whether there is time for many steps: four minutes on two cores, or what can be done in them */
    public boolean isLong() {
        return steps != null ? steps >= LONG_STEPS : seconds != null && seconds >= LONG_SECONDS;
    }

    /** @return options that ask for so many training steps, and settings */
    public static RunOptions steps(long steps, String... settings) {
        return new RunOptions(null, null, null, steps, null, List.of(settings));
    }

    /** @return options that ask for so many seconds of training, and settings */
    public static RunOptions seconds(double seconds, String... settings) {
        return new RunOptions(null, null, null, null, seconds, List.of(settings));
    }

    /** @return the same on another device */
    public RunOptions withDevice(String name) {
        return new RunOptions(name, threads, seed, steps, seconds, settings);
    }

    /** @return the same with another seed */
    public RunOptions withSeed(long start) {
        return new RunOptions(device, threads, start, steps, seconds, settings);
    }
}
