import java.util.Random;

/** Two colours in space: where the sum of steps along some axes is even, and where it is odd. */
record Pattern(double step, Vec[] axes, Vec phase, Vec even, Vec odd) {
    /** Slabs across a random direction; two of them are a period, in world units. */
    static Pattern stripes(double period, Random random) {
        return of(period, random, Vec.direction(random));
    }

    /** Cubes along the axes; two of them are a period, in world units. */
    static Pattern checkers(double period, Random random) {
        return of(period, random, new Vec(1, 0, 0), new Vec(0, 1, 0), new Vec(0, 0, 1));
    }

    /** A light tone and a dark one of opposite hues, and a phase. */
    private static Pattern of(double period, Random random, Vec... axes) {
        Vec phase = new Vec(random.nextDouble(), random.nextDouble(), random.nextDouble()).times(period);
        double hue = random.nextDouble();
        return new Pattern(period / 2, axes, phase, hue(hue, 0.95, 0.25), hue(hue + 0.5, 0.35, 0.8));
    }

    Vec at(Vec point) {
        Vec p = point.plus(phase);
        long sum = 0;
        for (Vec axis : axes) {
            sum += (long) Math.floor(p.dot(axis) / step);
        }
        return (sum & 1) == 0 ? even : odd;
    }

    /** The colour of a hue (1 is once around), of a largest channel and a saturation, 0 to 1. */
    static Vec hue(double hue, double value, double saturation) {
        double[] channels = new double[3];
        for (int i = 0; i < 3; i++) {
            double wave = 0.5 + 0.5 * Math.cos(2 * Math.PI * (hue - i / 3.0));
            channels[i] = value * (1 - saturation * (1 - wave));
        }
        return new Vec(channels[0], channels[1], channels[2]);
    }
}
