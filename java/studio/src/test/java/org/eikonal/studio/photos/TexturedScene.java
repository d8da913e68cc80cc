package org.eikonal.studio.photos;

import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.image.Picture;

/** A floor, a box and two balls with spots of all sizes on them, which structure from motion finds again. */
final class TexturedScene {
    private static final double FLOOR = -0.4;
    private static final double[][] BALLS = {{-0.6, -0.3, -0.05, 0.35}, {0.1, -0.9, -0.15, 0.25}};
    private static final double[] BOX = {0.1, 0.0, FLOOR, 0.9, 0.7, 0.3};
    private static final int OCTAVES = 4;
    private static final int GRID = 2;

    private TexturedScene() {}

    /** What a camera without distortion sees, each point as bright from everywhere; about the origin, z up. */
    static Picture picture(Camera camera) {
        float[] rgb = new float[3 * camera.width() * camera.height()];
        Pose pose = camera.pose();
        double[] from = pose.position();
        double[] way = new double[3];
        for (int i = 0; i < camera.width() * camera.height(); i++) {
            double sum = 0;
            for (int sample = 0; sample < GRID * GRID; sample++) {
                double x = (i % camera.width() + (sample % GRID + 0.5) / GRID - camera.cx()) / camera.fx();
                double y = (camera.cy() - i / camera.width() - (sample / GRID + 0.5) / GRID) / camera.fy();
                for (int k = 0; k < 3; k++) {
                    way[k] = pose.at(k, 0) * x + pose.at(k, 1) * y - pose.at(k, 2);
                }
                sum += seen(from, way) / (GRID * GRID);
            }
            rgb[3 * i] = (float) sum;
            rgb[3 * i + 1] = (float) (0.8 * sum);
            rgb[3 * i + 2] = (float) (0.6 * sum);
        }
        return Picture.ofRgb(camera.width(), camera.height(), rgb);
    }

    private static double seen(double[] from, double[] way) {
        double t = way[2] < 0 ? (FLOOR - from[2]) / way[2] : Double.POSITIVE_INFINITY;
        int what = 0;
        for (int ball = 0; ball < BALLS.length; ball++) {
            double hit = ball(from, way, BALLS[ball]);
            if (hit < t) {
                t = hit;
                what = 1 + ball;
            }
        }
        double hit = box(from, way);
        if (hit < t) {
            t = hit;
            what = 3;
        }
        return t > 20 ? 0.5
                : noise(from[0] + t * way[0], from[1] + t * way[1], from[2] + t * way[2], what);
    }

    private static double ball(double[] from, double[] way, double[] ball) {
        double a = 0;
        double b = 0;
        double c = -ball[3] * ball[3];
        for (int k = 0; k < 3; k++) {
            double to = from[k] - ball[k];
            a += way[k] * way[k];
            b += to * way[k];
            c += to * to;
        }
        double square = b * b - a * c;
        return square < 0 ? Double.POSITIVE_INFINITY : (-b - Math.sqrt(square)) / a;
    }

    private static double box(double[] from, double[] way) {
        double enter = 0;
        double leave = Double.POSITIVE_INFINITY;
        for (int k = 0; k < 3; k++) {
            double one = (BOX[k] - from[k]) / way[k];
            double other = (BOX[k + 3] - from[k]) / way[k];
            enter = Math.max(enter, Math.min(one, other));
            leave = Math.min(leave, Math.max(one, other));
        }
        return enter < leave ? enter : Double.POSITIVE_INFINITY;
    }

    /** Value noise, each octave half as large as the one before. */
    private static double noise(double x, double y, double z, int seed) {
        double value = 0;
        for (int octave = 0; octave < OCTAVES; octave++) {
            double scale = 3 << octave;
            value += smooth(x * scale, y * scale, z * scale, 16 * seed + octave);
        }
        return Math.max(0, Math.min(1, 0.5 + 0.55 * (value - OCTAVES / 2.0)));
    }

    private static double smooth(double x, double y, double z, int seed) {
        long i = (long) Math.floor(x);
        long j = (long) Math.floor(y);
        long k = (long) Math.floor(z);
        double sum = 0;
        for (int corner = 0; corner < 8; corner++) {
            double weight = ((corner & 1) == 1 ? x - i : 1 - x + i) * ((corner & 2) == 2 ? y - j : 1 - y + j)
                    * ((corner & 4) == 4 ? z - k : 1 - z + k);
            sum += weight * hash(i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2), seed);
        }
        return sum;
    }

    /** 0 to 1. */
    private static double hash(long x, long y, long z, int seed) {
        long h = (x * 73856093 ^ y * 19349663 ^ z * 83492791 ^ seed * 2654435761L) * 0x9E3779B97F4A7C15L;
        h ^= h >>> 32;
        h *= 0xD6E8FEB86659FD93L;
        return (h >>> 40) / (double) (1 << 24);
    }
}
