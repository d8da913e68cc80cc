package org.eikonal.studio.path;

import org.eikonal.Pose;

/** Unit quaternions {w, x, y, z}: rotations, as far as a camera's way needs them. */
final class Quaternion {
    private Quaternion() {}

    /** Of a pose whose axes are a rotation's (Shepperd 1978: by the largest of the four). */
    static double[] of(Pose pose) {
        double x = pose.at(0, 0);
        double y = pose.at(1, 1);
        double z = pose.at(2, 2);
        double a = pose.at(2, 1);
        double b = pose.at(0, 2);
        double c = pose.at(1, 0);
        double d = pose.at(1, 2);
        double e = pose.at(2, 0);
        double f = pose.at(0, 1);
        if (x + y + z > Math.max(x, Math.max(y, z))) {
            return unit(1 + x + y + z, a - d, b - e, c - f);
        }
        if (x >= y && x >= z) {
            return unit(a - d, 1 + x - y - z, f + c, b + e);
        }
        return y >= z ? unit(b - e, f + c, 1 - x + y - z, d + a) : unit(c - f, b + e, d + a, 1 - x - y + z);
    }

    /** The matrix: 9 numbers, row-major. */
    static double[] rows(double[] q) {
        double w = q[0];
        double x = q[1];
        double y = q[2];
        double z = q[3];
        return new double[] {
            1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
            2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
        };
    }

    static double[] unit(double... q) {
        double length = Math.sqrt(dot(q, q));
        return new double[] {q[0] / length, q[1] / length, q[2] / length, q[3] / length};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
    }

    static double[] times(double[] a, double[] b) {
        return new double[] {
            a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
            a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
            a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
            a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]
        };
    }

    /** What turns a into b. */
    static double[] between(double[] a, double[] b) {
        return times(new double[] {a[0], -a[1], -a[2], -a[3]}, b);
    }

    /** The same rotation by the one of its two quaternions that is nearer to another. */
    static double[] near(double[] q, double[] other) {
        return dot(q, other) < 0 ? new double[] {-q[0], -q[1], -q[2], -q[3]} : q;
    }

    static double[] log(double[] q) {
        double sine = Math.sqrt(q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        double factor = sine < 1e-12 ? 1 : Math.atan2(sine, q[0]) / sine;
        return new double[] {factor * q[1], factor * q[2], factor * q[3]};
    }

    static double[] exp(double[] v) {
        double angle = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        double factor = angle < 1e-12 ? 1 : Math.sin(angle) / angle;
        return new double[] {Math.cos(angle), factor * v[0], factor * v[1], factor * v[2]};
    }

    /** Along the great circle, the way that the signs say (Shoemake 1985). */
    static double[] slerp(double[] a, double[] b, double t) {
        double angle = Math.acos(Math.max(-1, Math.min(1, dot(a, b))));
        double sine = Math.sin(angle);
        double from = sine < 1e-9 ? 1 - t : Math.sin((1 - t) * angle) / sine;
        double to = sine < 1e-9 ? t : Math.sin(t * angle) / sine;
        return unit(from * a[0] + to * b[0], from * a[1] + to * b[1], from * a[2] + to * b[2], from * a[3] + to * b[3]);
    }
}
