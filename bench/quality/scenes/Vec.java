import java.util.Random;

/** Three numbers: a point, a direction, or a colour of stored sRGB, 0 to 1. */
record Vec(double x, double y, double z) {
    Vec plus(Vec o) {
        return new Vec(x + o.x, y + o.y, z + o.z);
    }

    Vec minus(Vec o) {
        return new Vec(x - o.x, y - o.y, z - o.z);
    }

    Vec times(double s) {
        return new Vec(x * s, y * s, z * s);
    }

    double dot(Vec o) {
        return x * o.x + y * o.y + z * o.z;
    }

    Vec cross(Vec o) {
        return new Vec(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
    }

    Vec unit() {
        return times(1 / Math.sqrt(dot(this)));
    }

    /** This turned about an axis of length 1, anticlockwise for whom it points at (Rodrigues). */
    Vec turned(Vec axis, double angle) {
        return times(Math.cos(angle)).plus(axis.cross(this).times(Math.sin(angle)))
                .plus(axis.times(axis.dot(this) * (1 - Math.cos(angle))));
    }

    double[] array() {
        return new double[] {x, y, z};
    }

    /** Any direction, all equally likely. */
    static Vec direction(Random random) {
        return new Vec(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()).unit();
    }
}
