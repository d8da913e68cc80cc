package org.eikonal.studio.demo;

/** A shape that rays hit. World units, z up. */
sealed interface Solid {
    /** What {@link #hit} answers for a miss. */
    double MISS = Double.POSITIVE_INFINITY;

    /** The distance to the first point where the ray enters the solid, below {@code limit}, or {@link #MISS}. */
    double hit(Ray ray, double limit);

    /** The unit normal at a point of the surface, outwards. */
    Vec normal(Vec point);

    /** The middle of a sphere around the solid. */
    Vec centre();

    /** The radius of that sphere. */
    double radius();

    /** A sphere. */
    record Ball(Vec centre, double radius) implements Solid {
        @Override
        public double hit(Ray ray, double limit) {
            double t = entry(ray, centre, radius);
            return t > 0 && t < limit ? t : MISS;
        }

        @Override
        public Vec normal(Vec point) {
            return point.minus(centre).unit();
        }

        /** Where the ray's line enters a sphere; negative behind the origin, {@link #MISS} if it passes by. */
        static double entry(Ray ray, Vec centre, double radius) {
            Vec to = centre.minus(ray.origin());
            double along = to.dot(ray.direction());
            double square = along * along - to.dot(to) + radius * radius;
            return square < 0 ? MISS : along - Math.sqrt(square);
        }
    }

    /** A short upright cylinder: what everything stands on. The top is at {@code centre.z + height / 2}. */
    record Pedestal(Vec centre, double across, double height) implements Solid {
        @Override
        public double hit(Ray ray, double limit) {
            Vec o = ray.origin().minus(centre);
            Vec d = ray.direction();
            if (d.z() != 0) {
                double t = (Math.copySign(height / 2, -d.z()) - o.z()) / d.z();
                double x = o.x() + t * d.x();
                double y = o.y() + t * d.y();
                if (t > 0 && t < limit && x * x + y * y <= across * across) {
                    return t;
                }
            }
            double a = d.x() * d.x() + d.y() * d.y();
            double b = o.x() * d.x() + o.y() * d.y();
            double square = b * b - a * (o.x() * o.x() + o.y() * o.y() - across * across);
            if (square < 0 || a == 0) {
                return MISS;
            }
            double t = (-b - Math.sqrt(square)) / a;
            return t > 0 && t < limit && Math.abs(o.z() + t * d.z()) <= height / 2 ? t : MISS;
        }

        @Override
        public Vec normal(Vec point) {
            Vec p = point.minus(centre);
            return Math.abs(p.z()) > height / 2 - 1e-6
                    ? new Vec(0, 0, Math.signum(p.z()))
                    : new Vec(p.x(), p.y(), 0).unit();
        }

        @Override
        public double radius() {
            return Math.hypot(across, height / 2);
        }
    }

    /** A solid known by its distance function: rays step towards it by the distance that is certainly free. */
    sealed interface Marched extends Solid {
        double TOUCH = 5e-4;
        int STEPS = 48;

        /** The signed distance of a point from the surface. */
        double distance(double x, double y, double z);

        @Override
        default double hit(Ray ray, double limit) {
            double t = Ball.entry(ray, centre(), radius());
            if (t == MISS || t > limit) {
                return MISS;
            }
            Vec o = ray.origin();
            Vec d = ray.direction();
            // A ray that leaves this very surface starts outside TOUCH, and a whole diameter is enough to pass.
            double end = Math.min(limit, t + 2 * radius());
            t = Math.max(t, 0);
            for (int i = 0; i < STEPS && t < end; i++) {
                double free = distance(o.x() + t * d.x(), o.y() + t * d.y(), o.z() + t * d.z());
                if (free < TOUCH) {
                    return t > 0 ? t : MISS;
                }
                t += free;
            }
            return MISS;
        }

        @Override
        default Vec normal(Vec p) {
            double h = 1e-5;
            return new Vec(
                    distance(p.x() + h, p.y(), p.z()) - distance(p.x() - h, p.y(), p.z()),
                    distance(p.x(), p.y() + h, p.z()) - distance(p.x(), p.y() - h, p.z()),
                    distance(p.x(), p.y(), p.z() + h) - distance(p.x(), p.y(), p.z() - h)).unit();
        }
    }

    /** A ring about {@code axis} (of length 1): {@code ring} to the middle of its tube of radius {@code tube}. */
    record Torus(Vec centre, Vec axis, double ring, double tube) implements Marched {
        @Override
        public double distance(double x, double y, double z) {
            double px = x - centre.x();
            double py = y - centre.y();
            double pz = z - centre.z();
            double above = px * axis.x() + py * axis.y() + pz * axis.z();
            double beside = Math.sqrt(Math.max(0, px * px + py * py + pz * pz - above * above)) - ring;
            return Math.sqrt(above * above + beside * beside) - tube;
        }

        @Override
        public double radius() {
            return ring + tube;
        }
    }

    /** An upright box with rounded edges, turned about z; {@code half} are its half sides, the rounding included. */
    record Block(Vec centre, Vec half, double rounding, double cos, double sin) implements Marched {
        @Override
        public double distance(double x, double y, double z) {
            double px = x - centre.x();
            double py = y - centre.y();
            double qx = Math.abs(px * cos + py * sin) - half.x() + rounding;
            double qy = Math.abs(py * cos - px * sin) - half.y() + rounding;
            double qz = Math.abs(z - centre.z()) - half.z() + rounding;
            double ox = Math.max(qx, 0);
            double oy = Math.max(qy, 0);
            double oz = Math.max(qz, 0);
            return Math.sqrt(ox * ox + oy * oy + oz * oz) + Math.min(0, Math.max(qx, Math.max(qy, qz))) - rounding;
        }

        @Override
        public double radius() {
            return half.length();
        }
    }
}
