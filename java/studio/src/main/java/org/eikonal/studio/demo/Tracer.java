package org.eikonal.studio.demo;

import java.util.List;
import org.eikonal.Camera;
import org.eikonal.Pose;
import org.eikonal.studio.demo.Stage.Thing;
import org.eikonal.studio.image.Picture;

/**
 * A small Whitted ray tracer: one lamp with soft shadows, ambient light with contact shadows, highlights and mirrors.
 * Colours are linear until the picture is written. Without state that changes: threads may share it.
 */
final class Tracer {
    /** Samples along a pixel's side; each of the {@code GRID * GRID} looks at its own point of the lamp. */
    private static final int GRID = 4;

    private static final int SAMPLES = GRID * GRID;
    private static final int BOUNCES = 2;
    private static final double LEAVE = 1e-3;

    private static final Vec LAMP = new Vec(2.6, -3.4, 5.6);
    private static final double LAMP_RADIUS = 0.75;
    private static final Vec LAMP_COLOUR = new Vec(1.02, 0.97, 0.88);
    private static final Vec SKY = new Vec(0.50, 0.56, 0.66);
    private static final Vec HORIZON = new Vec(0.62, 0.58, 0.54);
    private static final Vec GROUND = new Vec(0.20, 0.17, 0.15);

    private final Thing[] things;
    private final Vec[] lamp = new Vec[SAMPLES];

    Tracer(List<Thing> things) {
        this.things = things.toArray(Thing[]::new);
        Vec axis = LAMP.unit();
        Vec right = new Vec(0, 0, 1).cross(axis).unit();
        Vec up = axis.cross(right);
        for (int i = 0; i < SAMPLES; i++) {
            // A sunflower: equal areas of a disc. The stride parts neighbours in the pixel from those on the lamp.
            int seed = i * 7 % SAMPLES;
            double r = LAMP_RADIUS * Math.sqrt((seed + 0.5) / SAMPLES);
            double angle = seed * Math.PI * (3 - Math.sqrt(5));
            lamp[i] = LAMP.plus(right.times(r * Math.cos(angle))).plus(up.times(r * Math.sin(angle)));
        }
    }

    /** The picture a perspective camera takes: alpha is the part of a pixel that something covers. */
    Picture render(Camera camera) {
        byte[] rgba = new byte[camera.width() * camera.height() * 4];
        for (int y = 0, i = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++, i += 4) {
                pixel(camera, x, y, rgba, i);
            }
        }
        return new Picture(camera.width(), camera.height(), rgba);
    }

    private void pixel(Camera camera, int x, int y, byte[] rgba, int at) {
        Vec sum = Vec.ZERO;
        int hits = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            Ray ray = ray(camera, x + (sample % GRID + 0.5) / GRID, y + (sample / GRID + 0.5) / GRID);
            Vec light = trace(ray, sample, 0);
            if (light != null) {
                sum = sum.plus(light);
                hits++;
            }
        }
        if (hits > 0) {
            rgba[at] = stored(sum.x() / hits);
            rgba[at + 1] = stored(sum.y() / hits);
            rgba[at + 2] = stored(sum.z() / hits);
            rgba[at + 3] = (byte) Math.round(hits * 255f / SAMPLES);
        }
    }

    private static Ray ray(Camera camera, double x, double y) {
        double dx = (x - camera.cx()) / camera.fx();
        double dy = (camera.cy() - y) / camera.fy();
        Pose pose = camera.pose();
        Vec direction = new Vec(
                pose.at(0, 0) * dx + pose.at(0, 1) * dy - pose.at(0, 2),
                pose.at(1, 0) * dx + pose.at(1, 1) * dy - pose.at(1, 2),
                pose.at(2, 0) * dx + pose.at(2, 1) * dy - pose.at(2, 2));
        return new Ray(new Vec(pose.at(0, 3), pose.at(1, 3), pose.at(2, 3)), direction.unit());
    }

    /** The light that comes along a ray, each channel 0..1; null where there is nothing. */
    private Vec trace(Ray ray, int sample, int bounce) {
        Thing nearest = null;
        double t = Solid.MISS;
        for (Thing thing : things) {
            double hit = thing.solid().hit(ray, t);
            if (hit < t) {
                t = hit;
                nearest = thing;
            }
        }
        return nearest == null ? null : shade(nearest, ray, ray.at(t), sample, bounce);
    }

    private Vec shade(Thing thing, Ray ray, Vec point, int sample, int bounce) {
        Vec normal = thing.solid().normal(point);
        Vec start = point.plus(normal.times(LEAVE));
        Material material = thing.material();
        Vec toLamp = lamp[sample].minus(point).unit();
        double facing = normal.dot(toLamp);
        Vec light = ambient(thing, point, normal);
        double shine = 0;
        if (facing > 0 && !shadowed(start, lamp[sample])) {
            light = light.plus(LAMP_COLOUR.times(facing));
            Vec half = toLamp.minus(ray.direction()).unit();
            shine = material.gloss() * Math.pow(Math.max(0, normal.dot(half)), 60);
        }
        Vec colour = material.pattern().at(point).times(light);
        if (material.mirror() > 0 && bounce < BOUNCES) {
            double head = -normal.dot(ray.direction());
            double grazing = 1 - Math.max(0, head);
            double square = grazing * grazing;
            double part = material.mirror() + (1 - material.mirror()) * 0.6 * square * square * grazing;
            Vec mirrored = ray.direction().plus(normal.times(2 * head));
            Vec seen = trace(new Ray(start, mirrored), sample, bounce + 1);
            colour = colour.mix(seen == null ? surroundings(mirrored) : seen, part);
        }
        return clamp(colour.plus(LAMP_COLOUR.times(shine)));
    }

    private boolean shadowed(Vec point, Vec lampPoint) {
        Vec way = lampPoint.minus(point);
        Ray ray = new Ray(point, way.unit());
        double limit = way.length();
        for (Thing thing : things) {
            if (thing.solid().hit(ray, limit) < limit) {
                return true;
            }
        }
        return false;
    }

    /** Light from all around, less what neighbours keep away: each as large as the sphere about it appears. */
    private Vec ambient(Thing self, Vec point, Vec normal) {
        double open = 1;
        // The first thing is the floor, whose shade is the darker ground colour.
        for (int i = 1; i < things.length; i++) {
            Solid other = things[i].solid();
            Vec to = other.centre().minus(point);
            double towards = normal.dot(to);
            if (towards > 0 && things[i] != self) {
                double square = to.dot(to);
                double appears = Math.min(1, other.radius() * other.radius() / square);
                open *= 1 - 0.75 * appears * towards / Math.sqrt(square);
            }
        }
        return GROUND.mix(SKY, 0.5 + 0.5 * normal.z()).times(open);
    }

    /** What mirrors see beyond the scene; cameras see nothing there. */
    private static Vec surroundings(Vec direction) {
        return direction.z() > 0
                ? HORIZON.mix(SKY.times(1.5), Math.sqrt(direction.z()))
                : HORIZON.mix(GROUND, Math.min(1, -4 * direction.z()));
    }

    private static Vec clamp(Vec colour) {
        return new Vec(Math.min(1, colour.x()), Math.min(1, colour.y()), Math.min(1, colour.z()));
    }

    private static byte stored(double linear) {
        double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
        return (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
    }
}
