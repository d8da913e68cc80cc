package org.eikonal.studio.demo;

import static org.eikonal.studio.demo.Material.colour;
import static org.eikonal.studio.demo.Material.matte;
import static org.eikonal.studio.demo.Material.plain;

import java.util.List;
import org.eikonal.studio.demo.Material.Pattern;
import org.eikonal.studio.demo.Solid.Ball;
import org.eikonal.studio.demo.Solid.Block;
import org.eikonal.studio.demo.Solid.Pedestal;
import org.eikonal.studio.demo.Solid.Torus;

/** What stands in the demo scene: a tiled pedestal and on it solids of several materials, within 1.25 of the origin. */
final class Stage {
    /** Height of the pedestal's top. */
    static final double FLOOR = -0.42;

    private static final double ACROSS = 1.18;
    private static final double THICK = 0.13;

    private Stage() {}

    /** A solid and what it is made of. */
    record Thing(Solid solid, Material material) {}

    static List<Thing> things() {
        double turn = Math.toRadians(28);
        Vec block = new Vec(0.46, 0.42, FLOOR + 0.33);
        Vec beach = new Vec(-0.44, -0.50, FLOOR + 0.25);
        return List.of(
                new Thing(new Pedestal(new Vec(0, 0, FLOOR - THICK / 2), ACROSS, THICK), matte(floor())),
                new Thing(new Ball(new Vec(-0.42, 0.34, FLOOR + 0.39), 0.39), new Material(plain(0x2f5583), 0.9, 0.30)),
                new Thing(new Block(block, new Vec(0.23, 0.23, 0.33), 0.05, Math.cos(turn), Math.sin(turn)),
                        new Material(bands(block, 0x1f8a86, 0xf1ead6), 0.5, 0.03)),
                new Thing(new Ball(new Vec(0.46, 0.42, FLOOR + 0.66 + 0.17), 0.17),
                        new Material(plain(0xe2a93b), 0.8, 0.12)),
                new Thing(new Torus(new Vec(0.44, -0.42, FLOOR + 0.115), new Vec(0, 0, 1), 0.27, 0.115),
                        new Material(plain(0xd9503f), 0.35, 0.02)),
                new Thing(new Ball(new Vec(0.44, -0.42, FLOOR + 0.20), 0.17), matte(plain(0x86b04c))),
                new Thing(new Ball(beach, 0.25), new Material(gores(beach, 0xc93f6d, 0xf4efe4), 0.5, 0.03)),
                new Thing(new Ball(new Vec(0.02, -0.06, FLOOR + 0.10), 0.10), new Material(plain(0x7a4fa3), 0.6, 0.05)),
                new Thing(new Ball(new Vec(-0.92, -0.08, FLOOR + 0.09), 0.09), matte(plain(0xf0c64a))),
                new Thing(new Ball(new Vec(0.02, -0.88, FLOOR + 0.08), 0.08), new Material(plain(0x2f7fc1), 0.6, 0.05)),
                new Thing(new Ball(new Vec(0.03, 0.90, FLOOR + 0.09), 0.09), matte(plain(0xe07b39))));
    }

    /** Square tiles inside a ring, a plain rim outside, wood at the side. */
    private static Pattern floor() {
        Vec light = colour(0xebe3d0);
        Vec dark = colour(0x6f8593);
        Vec ring = colour(0x34424d);
        Vec rim = colour(0xd9cdb4);
        Vec side = colour(0x8a6242);
        double tile = 0.2;
        return p -> {
            double r = Math.hypot(p.x(), p.y());
            if (p.z() < FLOOR - 1e-4) {
                return side;
            }
            if (r > 1.04) {
                return rim;
            }
            if (r > 0.98) {
                return ring;
            }
            boolean even = (((int) Math.floor(p.x() / tile) + (int) Math.floor(p.y() / tile)) & 1) == 0;
            return even ? light : dark;
        };
    }

    /** Two colours by height. */
    private static Pattern bands(Vec centre, int main, int band) {
        Vec a = colour(main);
        Vec b = colour(band);
        return p -> Math.abs(Math.abs(p.z() - centre.z()) - 0.15) < 0.045 ? b : a;
    }

    /** Two colours by longitude about a tilted axis, as on a beach ball. */
    private static Pattern gores(Vec centre, int one, int other) {
        Vec a = colour(one);
        Vec b = colour(other);
        Vec axis = new Vec(0.35, -0.2, 0.9).unit();
        Vec east = axis.cross(new Vec(1, 0, 0)).unit();
        Vec north = axis.cross(east);
        return p -> {
            Vec q = p.minus(centre);
            double angle = Math.atan2(q.dot(east), q.dot(north)) / (2 * Math.PI) + 1;
            boolean cap = q.dot(axis) > 0.93 * q.length();
            return cap || ((int) (angle * 8) & 1) == 0 ? a : b;
        };
    }
}
