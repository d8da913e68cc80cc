package org.eikonal.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.eikonal.Device;
import org.eikonal.Rays;
import org.eikonal.Sampling;
import org.eikonal.conformance.Devices.OnEveryDevice;
import org.junit.jupiter.api.Test;

/** Gaussians of conical frustums, at fp32 on every device. */
class FrustumTest {
    /** Gauss and Legendre's points of degree 9, between -1 and 1. */
    private static final double[] NODES = {-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831,
            0.9061798459386640};
    private static final double[] SHARES =
            {0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891};

    /**
     * Mean and variances of t and of one coordinate across, of points that fill the frustum evenly: a slice at t has an
     * area that goes with t^2, and a mean square of that coordinate of (radius t)^2 / 4. The integrals are exact, and
     * nothing cancels in them however short the frustum is.
     */
    private static double[] moments(double radius, double t0, double t1) {
        double middle = (t0 + t1) / 2;
        double half = (t1 - t0) / 2;
        double all = Double.MIN_NORMAL;
        double mean = 0;  // less the middle
        double across = 0;
        for (int i = 0; i < 5; i++) {
            double t = middle + NODES[i] * half;
            all += SHARES[i] * t * t;
            mean += SHARES[i] * t * t * NODES[i] * half;
            across += SHARES[i] * t * t * radius * radius * t * t / 4;
        }
        mean /= all;
        double along = 0;
        for (int i = 0; i < 5; i++) {
            double t = middle + NODES[i] * half;
            along += SHARES[i] * t * t * (NODES[i] * half - mean) * (NODES[i] * half - mean) / all;
        }
        return new double[] {middle + mean, along, across / all};
    }

    private static double[] gaussian(double[] origin, double[] direction, double radius, double t0, double t1) {
        double[] moments = moments(radius, t0, t1);
        double square = 0;
        for (double d : direction) {
            square += d * d;
        }
        double[] out = new double[9];
        for (int i = 0, at = 3; i < 3; i++) {
            out[i] = origin[i] + moments[0] * direction[i];
            for (int j = i; j < 3; j++, at++) {
                double outer = direction[i] * direction[j];
                out[at] = moments[1] * outer + moments[2] * ((i == j ? 1 : 0) - (square > 0 ? outer / square : 0));
            }
        }
        return out;
    }

    private static void check(String what, Device device, Rays rays, float[] radii, float[] edges, int bins) {
        float[] actual = Sampling.create(device).frustums(rays, radii, edges);
        assertEquals(rays.count() * bins * 9, actual.length, what);
        for (int i = 0; i < rays.count() * bins; i++) {
            int ray = i / bins;
            double[] expected = gaussian(Draws.row(rays.origins(), ray, 3), Draws.row(rays.directions(), ray, 3),
                    radii[ray], edges[i + ray], edges[i + ray + 1]);
            float[] own = Arrays.copyOfRange(actual, 9 * i, 9 * i + 9);
            String which = what + ", piece " + i + " from " + edges[i + ray] + " to " + edges[i + ray + 1];
            close(which + ", mean", Arrays.copyOf(expected, 3), Arrays.copyOf(own, 3), 1e-6);
            close(which + ", covariance", Arrays.copyOfRange(expected, 3, 9), Arrays.copyOfRange(own, 3, 9), 2e-6);
        }
    }

    /** Relative, but for what is below the normal numbers. */
    private static void close(String what, double[] expected, float[] actual, double tolerance) {
        Check.within(what, expected, actual, tolerance * Check.largest(expected) + Float.MIN_NORMAL);
    }

    @OnEveryDevice
    void gaussiansAreThoseOfTheOracle(Device device) {
        for (int n : new int[] {0, 1, 17, 97}) {
            for (int bins : new int[] {1, 2, 33}) {
                Draws draws = new Draws(n + bins);
                float[] edges = draws.uniform(n * (bins + 1), 0, 5);
                for (int ray = 0; ray < n; ray++) {
                    Arrays.sort(edges, ray * (bins + 1), (ray + 1) * (bins + 1));
                }
                check(n + " rays", device, new Rays(draws.uniform(3 * n, -1, 1), draws.directions(n)),
                        draws.uniform(n, 0, 0.1), edges, bins);
            }
        }
    }

    @OnEveryDevice
    void goldenValues(Device device) {
        float[] gaussian = Sampling.create(device).frustums(
                new Rays(new float[3], new float[] {0, 0, 1}), new float[] {0.01f}, new float[] {2, 3});
        assertEquals(2.5657895, gaussian[2], 3e-7);
        Check.within("variances", new double[] {1.6658e-4, 0, 0, 1.6658e-4, 0, 0.07988227},
                Arrays.copyOfRange(gaussian, 3, 9), 1e-8);
    }

    /** From pieces that begin at the eye to those a last digit long, and none at all. */
    @OnEveryDevice
    void shortAndLongPieces(Device device) {
        float[] edges = {0, 0, Float.MIN_NORMAL, 1e-20f, 1e-10f, 1e-3f, 1, Math.nextUp(1f), 1.00001f, 1.001f, 1.001f,
                2, 1e3f, Math.nextUp(1e3f), 1e6f, 1e12f, 1e15f};
        for (float radius : new float[] {0, 1e-6f, 0.01f, 3}) {
            check("radius " + radius, device, new Rays(new float[3], new float[] {0.6f, 0, 0.8f}),
                    new float[] {radius}, edges, edges.length - 1);
        }
    }

    /** Where t counts in a direction's length, only its unit changes; a direction of no length is a ball. */
    @OnEveryDevice
    void directionsMayHaveAnyLength(Device device) {
        for (float length : new float[] {0, 0.01f, 0.5f, 3, 1000}) {
            float[] direction = {0.36f * length, -0.48f * length, 0.8f * length};
            check("length " + length, device, new Rays(new float[] {1, 2, 3}, direction), new float[] {0.1f},
                    new float[] {0.5f, 1, 4}, 2);
        }
    }

    @OnEveryDevice
    void raysAreOnTheirOwn(Device device) {
        Draws draws = new Draws(1);
        Rays rays = new Rays(draws.uniform(3 * 33, -1, 1), draws.directions(33));
        float[] radii = draws.uniform(33, 0, 0.1);
        float[] edges = new float[33 * 5];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = i % 5 + 1;
        }
        Sampling sampling = Sampling.create(device);
        float[] expected = sampling.frustums(rays, radii, edges);
        for (float number : Hostile.NUMBERS) {
            Hostile.othersEqual("radius " + number, expected,
                    sampling.frustums(rays, Hostile.put(radii, 1, 7, 8, 0, number), edges), 36, 7, 8);
            Rays origin = new Rays(Hostile.put(rays.origins(), 3, 7, 8, 1, number), rays.directions());
            Hostile.othersEqual("origin " + number, expected, sampling.frustums(origin, radii, edges), 36, 7, 8);
            Rays direction = new Rays(rays.origins(), Hostile.put(rays.directions(), 3, 7, 8, -1, number));
            Hostile.othersEqual("direction " + number, expected, sampling.frustums(direction, radii, edges), 36, 7, 8);
        }
        assertArrayEquals(expected, sampling.frustums(rays, radii, edges));
    }

    /** Against the closed form of the same integrals, powers of the edges, where it is accurate. */
    @Test
    void theOraclesIntegralsAreTheClosedForm() {
        for (double[] t : new double[][] {{0, 1}, {1, 3}, {2, 2.5}, {0.1, 10}}) {
            double cubes = Math.pow(t[1], 3) - Math.pow(t[0], 3);
            double mean = 3.0 / 4 * (Math.pow(t[1], 4) - Math.pow(t[0], 4)) / cubes;
            double square = 3.0 / 5 * (Math.pow(t[1], 5) - Math.pow(t[0], 5)) / cubes;
            assertArrayEquals(new double[] {mean, square - mean * mean, 0.01 * square / 4}, moments(0.1, t[0], t[1]),
                    1e-10);
        }
    }
}
